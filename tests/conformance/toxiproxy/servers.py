"""Every provider brought up in the way its users bring it up, or the reason why it cannot be."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from harness.environment.containers import refuse_without_engine
from harness.environment.toxiproxy.adapter import ToxiproxyAdapter
from harness.environment.toxiproxy.choice import open_toxiproxy
from harness.environment.toxiproxy.providers.binary import PROGRAM
from harness.errors import EnvironmentUnavailable
from harness.processes.guard import ProcessGuard, free_port
from tests.conformance.toxiproxy.control import Control

PROVIDERS = ("embedded", "binary", "container", "address")
# An image with Toxiproxy as its entry point; built around the binary on PATH where none is named.
IMAGE_VARIABLE = "TOXIPROXY_TEST_IMAGE"
READY = 20.0


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running Toxiproxy under test.

    Attributes:
        provider: Which of `PROVIDERS`.
        adapter: The harness's own way to it.
        control: The raw way to it.
        image: What its container is made of, if it is one.
    """

    provider: str
    adapter: ToxiproxyAdapter
    control: Control
    image: str | None = None

    @property
    def embedded(self) -> bool:
        """Whether it is our own server."""
        return self.adapter.keeps_journal


def unavailable(reason: str) -> NoReturn:
    """Skip on a user's machine; in CI every provider has to come up."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@asynccontextmanager
async def server(provider: str) -> AsyncIterator[Server]:
    """Run one provider."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "toxiproxy.log"
        async with ProcessGuard() as guard, _address_of_another(provider) as address:
            if provider == "binary":
                _binary()
            image = _image() if provider == "container" else None
            try:
                opened = open_toxiproxy(guard=guard, log=log, address=address, provider=provider, image=image, seed=7)
                adapter = await opened.__aenter__()
            except EnvironmentUnavailable as error:
                unavailable(str(error))
            try:
                yield Server(provider=provider, adapter=adapter, control=Control(address=adapter.address), image=image)
            finally:
                await opened.__aexit__(None, None, None)
            if provider == "embedded":
                lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
                assert not [line for line in lines if line["level"] in {"error", "critical"}]


@asynccontextmanager
async def program(kind: str, *arguments: str, env: dict[str, str] | None = None) -> AsyncIterator[Program]:
    """Start a server by hand: "embedded" or "binary", with flags; its port is a free one unless given."""
    argv = [sys.executable, "-m", "harness.embedded_toxiproxy"] if kind == "embedded" else [_binary()]
    port = free_port()
    if "-port" not in arguments:
        arguments = ("-host", "127.0.0.1", "-port", str(port), *arguments)
    process = await asyncio.create_subprocess_exec(
        *argv,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **(env or {})},
        limit=2**20,
    )
    assert process.stdout is not None
    draining = asyncio.ensure_future(asyncio.sleep(0))
    try:
        first = await asyncio.wait_for(process.stdout.readline(), READY)
        address = json.loads(first).get("address") or f"127.0.0.1:{port}"
        draining = asyncio.ensure_future(_drain(process.stdout))
        running = Program(process=process, address=address, control=Control(address=address), first=json.loads(first))
        await running.ready()
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await draining


@dataclass(frozen=True, kw_only=True)
class Program:
    """A server started by hand.

    Attributes:
        first: The first line of its output.
    """

    process: asyncio.subprocess.Process
    address: str
    control: Control
    first: dict[str, Any]

    async def ready(self) -> None:
        """Return when it answers."""
        async with asyncio.timeout(READY):
            while True:
                try:
                    await self.control.get("/version")
                except OSError:
                    await asyncio.sleep(0.01)
                else:
                    return


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(65536):
        pass


def _binary() -> str:
    found = shutil.which(PROGRAM)
    if found is None:
        unavailable(f"no {PROGRAM} on PATH")
    return found


@asynccontextmanager
async def _address_of_another(provider: str) -> AsyncIterator[str | None]:
    """For the provider "address", start somebody else's server: the real one where it is installed."""
    if provider != "address":
        yield None
        return
    async with program("binary" if shutil.which(PROGRAM) else "embedded") as other:
        yield other.address


def _image() -> str:
    named = os.environ.get(IMAGE_VARIABLE)
    if named:
        return named
    binary = _binary()
    try:
        import docker  # type: ignore[import-untyped]  # noqa: PLC0415 - only this provider needs it, it has no types

        refuse_without_engine()
        engine = docker.from_env()
        try:
            engine.ping()
            engine.images.build(
                fileobj=_context(Path(binary)), custom_context=True, tag="toxiproxy-under-test", rm=True
            )
        finally:
            engine.close()
    except Exception as error:  # noqa: BLE001 - docker raises many unrelated types
        unavailable(f"no image can be built: {error}")
    return "toxiproxy-under-test:latest"


def _context(binary: Path) -> io.BytesIO:
    """Pack an image with nothing in it but one static program."""
    files: Sequence[tuple[str, bytes]] = (
        ("Dockerfile", b'FROM scratch\nCOPY toxiproxy /toxiproxy\nENTRYPOINT ["/toxiproxy"]\n'),
        ("toxiproxy", binary.read_bytes()),
    )
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    packed.seek(0)
    return packed
