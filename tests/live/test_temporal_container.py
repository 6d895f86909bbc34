"""A Temporal server in a container serves, breaks and mends as the dev server does, and is never left behind."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import signal
import sys
import tarfile
import textwrap
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
import pytest_asyncio

from fakes.flights import Flights
from harness import (
    Application,
    Clock,
    CrashServer,
    EffectsInOrder,
    EnvironmentUnavailable,
    FromCall,
    Outcome,
    PauseServer,
    Scenario,
    Server,
    UsageError,
    Verdict,
)
from harness.environment.containers import LABEL, refuse_without_engine
from harness.environment.open import Environment, Wishes, open_environment
from harness.events import EnvironmentReady
from harness.run.scenario_run import run_scenario
from tests.live.apps.reserve import Wanted
from tests.live.apps.scenarios import reserving
from tests.live.apps.waits import Grows, Sleeps

# An image whose entry point is the `temporal` command; where none is named, one is built around the binary beside the
# interpreter.
IMAGE_VARIABLE = "TEMPORAL_TEST_IMAGE"

DOCKERFILE = b'FROM scratch\nENV USER=root HOME=/\nCOPY temporal /temporal\nENTRYPOINT ["/temporal"]\n'


def unavailable(reason: str) -> NoReturn:
    """Skip on a user's machine; in CI a container has to come up."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def engine() -> Any:
    """The Docker engine, or the reason why not."""
    try:
        import docker  # type: ignore[import-untyped]  # noqa: PLC0415 - these tests alone need it, it has no types

        refuse_without_engine()
        return docker.from_env()
    except Exception as error:  # noqa: BLE001 - docker raises many unrelated types
        unavailable(str(error))


@pytest.fixture(scope="module")
def image() -> str:
    """The image under test."""
    docker = engine()
    try:
        named = os.environ.get(IMAGE_VARIABLE)
        if named:
            return named
        binary = shutil.which("temporal", path=str(Path(sys.executable).parent))
        assert binary is not None
        docker.images.build(fileobj=packed(Path(binary)), custom_context=True, tag="temporal-under-test", rm=True)
    finally:
        docker.close()
    return "temporal-under-test:latest"


def packed(binary: Path) -> io.BytesIO:
    """Pack an image with nothing in it but one static program."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in (("Dockerfile", DOCKERFILE), ("temporal", binary.read_bytes())):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    made.seek(0)
    return made


def ours() -> set[str]:
    """The containers of this process, by id."""
    docker = engine()
    try:
        found = docker.containers.list(all=True, filters={"label": LABEL})
        return {one.id for one in found if one.labels[LABEL].endswith(f"/{os.getpid()}")}
    finally:
        docker.close()


@pytest.fixture(scope="module", autouse=True)
def no_reaper() -> None:
    """The image that cleans up after testcontainers cannot be had everywhere; we clean up ourselves."""
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def contained(image: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Environment]:
    """An environment whose Temporal server is a container."""
    wishes = Wishes(temporal_provider="container", temporal_image=image)
    async with open_environment(wishes, folder=tmp_path_factory.mktemp("contained")) as environment:
        yield environment


@pytest.mark.parametrize(
    "scenario",
    [
        reserving(),
        Scenario(
            application=Application(workflows=[Sleeps]),
            workflow=Sleeps.run,
            expects=[Outcome()],
            server=Server(clock=Clock.SKIPPING),
        ),
        Scenario(
            application=Application(workflows=[Grows]),
            workflow=Grows.run,
            given=5,
            expects=[Outcome(result=True)],
            server=Server(dynamic_config={"limit.historyCount.suggestContinueAsNew": "10"}),
        ),
        *(
            reserving(
                Wanted(seats=3, attempts=0, attempt_within=timedelta(seconds=5)),
                faults=[fault],
                expects=[Outcome(result=["reserved"] * 3), EffectsInOrder(operations=[Flights.book] * 3)],
                server=Server(breakable=True),
                deadline=timedelta(minutes=1),
            )
            for fault in (
                CrashServer(when=FromCall(n=2, of=Flights.book)),
                PauseServer(pause=timedelta(seconds=1), when=FromCall(n=2, of=Flights.book)),
            )
        ),
    ],
    ids=["shared", "skipping", "configured", "killed", "paused"],
)
async def test_it_serves_as_the_dev_server_does(contained: Environment, tmp_path: Path, scenario: Scenario) -> None:
    """Shared, on a skipping clock, configured, killed and paused; and what a run had for itself goes with it."""
    before = ours()
    result = await run_scenario(scenario, name="live/contained", environment=contained, folder=tmp_path, seed=0)

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    assert result.evidence.of(EnvironmentReady)[0].temporal.startswith("container ")
    kept = 0 if scenario.server.breakable or scenario.server == Server() else 1
    assert len(ours() - before) == kept


async def test_the_container_of_a_killed_runner_is_removed_by_the_next(image: str, tmp_path: Path) -> None:
    """No watcher can end a container that belongs to the Docker engine."""
    code = textwrap.dedent(f"""
        import asyncio, pathlib
        from harness.environment.temporal.container import server_container
        async def main():
            async with server_container(image="{image}", log=pathlib.Path("/dev/null")) as server:
                print(server.address, flush=True)
                await asyncio.sleep(60)
        asyncio.run(main())
    """)
    runner = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert runner.stdout is not None
    host, port = (await runner.stdout.readline()).decode().strip().split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.close()
    os.kill(runner.pid, signal.SIGKILL)
    await runner.wait()

    async with open_environment(Wishes(temporal_provider="container", temporal_image=image), folder=tmp_path):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(host, int(port))


async def test_an_image_that_is_not_to_be_had(image: str, tmp_path: Path) -> None:
    """There is no falling back to the dev server."""
    wishes = Wishes(temporal_provider="container", temporal_image="no-such-image:1")
    with pytest.raises(EnvironmentUnavailable, match="no Temporal container of no-such-image:1 can be started"):
        async with open_environment(wishes, folder=tmp_path):
            pass


async def test_no_image(tmp_path: Path) -> None:
    """The error says what kind of image is wanted."""
    with pytest.raises(EnvironmentUnavailable, match="entry point is the `temporal` command"):
        async with open_environment(Wishes(temporal_provider="container"), folder=tmp_path):
            pass


def test_wishes_without_effect_are_refused() -> None:
    """All of them at once."""
    with pytest.raises(UsageError) as refused:
        Wishes(temporal="there:7233", temporal_provider="dev-server", temporal_image="an-image")

    assert refused.value.problems == (
        "give --temporal (there:7233) or --temporal-provider (dev-server), not both.",
        "--temporal-image an-image needs --temporal-provider container.",
    )
    with pytest.raises(UsageError, match=r"unknown Temporal provider 'contaner'.*'container'"):
        Wishes(temporal_provider="contaner")
