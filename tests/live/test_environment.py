"""Servers are taken as wished for or not at all, and a server that is lost costs the run its proof, not its end."""

from __future__ import annotations

import gc
import warnings
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from harness import EnvironmentUnavailable, LiveRun, Verdict
from harness.environment.containers import start_container
from harness.environment.open import Environment, Wishes, open_environment
from harness.environment.temporal.server import refuse_too_old
from harness.events import RunBroken
from harness.run.scenario_run import run_scenario
from tests.live.apps.reserve import Reserve, Wanted
from tests.live.apps.scenarios import reserving


@pytest.mark.parametrize("version", ["1.32.0", "1.24", "2.0.0-rc.1"])
def test_new_enough(version: str) -> None:
    """A server from the oldest supported version on is taken."""
    refuse_too_old(version, address="there:7233")


@pytest.mark.parametrize("version", ["1.23.9", "1.9.0", "0.30", ""])
def test_too_old(version: str) -> None:
    """An older one, or one that does not say, is refused with what is needed."""
    with pytest.raises(EnvironmentUnavailable, match=r"there:7233 has version .*; 1\.24 or newer is needed"):
        refuse_too_old(version, address="there:7233")


async def test_a_namespace_that_is_not_there(harness_environment: Environment, tmp_path: Path) -> None:
    """The error names the namespace and the option to name another."""
    wishes = Wishes(temporal=harness_environment.temporal.address, namespace="nowhere")

    with pytest.raises(EnvironmentUnavailable, match="has no namespace 'nowhere'; name another with --namespace"):
        async with open_environment(wishes, folder=tmp_path):
            pass


def test_a_docker_engine_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the engine's socket, and no socket is left open, although Docker's own client leaves one."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    gc.collect()
    with warnings.catch_warnings(action="always", record=True) as left_open:
        with pytest.raises(EnvironmentUnavailable, match=r"no Docker engine answers at .*/nobody\.sock"):
            start_container("any", [], what="Temporal")
        gc.collect()

    assert not [str(one.message) for one in left_open if one.category is ResourceWarning]


@pytest.mark.parametrize("server", ["start-dev", "start.py"], ids=["temporal", "toxiproxy"])
async def test_a_server_that_is_lost(tmp_path: Path, server: str) -> None:
    """A run whose Temporal server or Toxiproxy dies is INCONCLUSIVE, ends soon, and leaves nothing behind."""
    before = set(psutil.Process().children(recursive=True))

    async def drive(run: LiveRun) -> None:
        mine = set(psutil.Process().children(recursive=True)) - before
        [victim] = [one for one in mine if any(part.endswith(server) for part in one.cmdline())]
        victim.kill()
        await run.handle.signal(Reserve.go)

    async with open_environment(Wishes(), folder=tmp_path) as environment:
        result = await run_scenario(
            reserving(Wanted(ask_before=1), drive=drive, deadline=timedelta(seconds=30)),
            name="live/lost",
            environment=environment,
            folder=tmp_path / "run",
            seed=0,
        )

    assert result.verdict is Verdict.INCONCLUSIVE, "\n".join(map(str, result.findings))
    assert result.evidence.of(RunBroken)
    assert result.took < timedelta(seconds=20)
    assert set(psutil.Process().children(recursive=True)) <= before
