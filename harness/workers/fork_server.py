"""The fork server: a process that has imported everything and forks workers, so that a new worker polls at once.

Imports take most of a worker's startup: a replacement that imports first would come much later than an orchestrator's.
One fork server serves all runs of an environment. Its children join its process group, so that the process guard covers
them. All its workers have one hash seed; the runner, which replays every history, has another.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

from harness.errors import EnvironmentUnavailable
from harness.files.log_tail import log_tail
from harness.files.socket_folder import socket_folder
from harness.processes.guard import ProcessGuard, end

VARIABLE = "HARNESS_FORK_SERVER"
"""The environment variable that carries the path of the runner's socket, and what to import."""

UP_WITHIN = timedelta(seconds=30)
"""It takes 1 s on an idle machine, all of it imports."""

ANSWERS_WITHIN = 10
"""Within how many seconds it forks, or reports that a killed child is gone. Both take it milliseconds."""

WORK = "harness.workers.process_main:work"
"""What makes a worker of a fork."""

PRELOADED = (
    "harness.workers.process_main",
    "httpx2",
    "temporalio.contrib.pydantic",
    "temporalio.worker.workflow_sandbox",
)
"""What most applications import; 0.35 s that no fork has to spend."""


@dataclass(eq=False)
class Forked:
    """A process that the fork server has forked, as the runner sees it.

    Attributes:
        pid: Its process id.
        returncode: Its exit code, negative for a signal; None while it lives.
    """

    pid: int
    returncode: int | None = None
    _killed: Callable[[Forked], None] = field(default=lambda _: None, repr=False)
    _gone: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    async def wait(self) -> int:
        """Wait until it is gone, and return its exit code."""
        await self._gone.wait()
        assert self.returncode is not None  # noqa: S101 - set together
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it, stopped or not."""
        self.send_signal(signal.SIGKILL)
        self._killed(self)

    def ended(self, code: int) -> None:
        """Record that it is gone."""
        self.returncode = code
        self._gone.set()


class ForkServer:
    """The runner's end. The process is started with the first worker, and again if it has died.

    It is killed when it does not answer, which also ends its children: a fork server that was stopped (SIGSTOP) would
    otherwise hold up all runs with worker processes.

    Args:
        guard: Ends it, and all that it forked, if this process dies.
        log: Receives its own output.
        preloaded: Modules that it imports before the first fork, those of the application excepted.
    """

    def __init__(self, guard: ProcessGuard, *, log: Path, preloaded: Sequence[str] = PRELOADED) -> None:
        self._guard = guard
        self._preloaded = preloaded
        self._log = log
        self._one_at_a_time = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._asked: deque[asyncio.Future[Forked]] = deque()
        self._expecting: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Task[None] | None = None
        self._living: dict[int, Forked] = {}
        self._process: Process | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def fork(self, orders: str, *, log: Path, entry: str = WORK) -> Forked:
        """Have a process forked; by default, a worker.

        Args:
            orders: What it is to do; for a worker, written by `harness.workers.process_main.Orders.to_text`.
            log: Receives its output.
            entry: The function that takes the orders and does not return, as `module:name`.

        Raises:
            EnvironmentUnavailable: The fork server does not start, has died, or does not answer.
        """
        async with self._one_at_a_time:
            if self._writer is None:
                await self._start()
            assert self._writer is not None  # noqa: S101 - the start has set it
            asked: asyncio.Future[Forked] = asyncio.get_running_loop().create_future()
            self._asked.append(asked)
            self._writer.write(json.dumps({"orders": orders, "log": str(log), "entry": entry}).encode() + b"\n")
            try:
                if not await _in_time(asked):
                    await self._give_up()
                return await asked
            finally:
                asked.cancel()

    async def _give_up(self) -> None:
        """Kill the process, and wait until its end has been noticed."""
        assert self._process is not None  # noqa: S101 - the start has set it
        assert self._listening is not None  # noqa: S101 - the same
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.wait([self._listening])

    def _was_killed(self, forked: Forked) -> None:
        expecting = asyncio.create_task(self._expect_end(forked))
        self._expecting.add(expecting)
        expecting.add_done_callback(self._expecting.discard)

    async def _expect_end(self, forked: Forked) -> None:
        ending = asyncio.ensure_future(forked.wait())
        try:
            if not await _in_time(ending):
                await self._give_up()
        finally:
            ending.cancel()

    async def close(self) -> None:
        """End the process. Its children must have ended before."""
        for expecting in self._expecting:
            expecting.cancel()
        await self._stack.aclose()

    async def _start(self) -> None:
        folder = self._stack.enter_context(socket_folder())
        path = os.path.join(folder, "fork_server")  # noqa: PTH118 - a socket's path is text
        connected: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
            asyncio.get_running_loop().create_future()
        )

        def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connected.set_result((reader, writer))

        server = await asyncio.start_unix_server(connect, path)
        self._stack.callback(server.close)
        with self._log.open("ab") as output:
            process = await self._guard.spawn(
                [sys.executable, "-m", "harness.workers.fork_server"],
                stdout=output,
                env={
                    **os.environ,
                    VARIABLE: json.dumps([path, *self._preloaded]),
                    "PYTHONPATH": os.pathsep.join(sys.path),
                },
            )
        self._process = process
        self._stack.push_async_callback(end, process, grace=timedelta(0))
        ended: asyncio.Future[Any] = asyncio.ensure_future(process.wait())
        waited: list[asyncio.Future[Any]] = [connected, ended]
        try:
            await asyncio.wait(waited, timeout=UP_WITHIN.total_seconds(), return_when="FIRST_COMPLETED")
        finally:
            ended.cancel()
        if not connected.done():
            raise EnvironmentUnavailable(f"the worker fork server did not start. {log_tail(self._log)}")
        reader, self._writer = connected.result()
        self._listening = asyncio.create_task(self._listen(reader))
        self._stack.callback(self._listening.cancel)
        self._stack.callback(self._writer.close)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                message = json.loads(line)
                if "forked" in message:
                    forked = self._living[message["forked"]] = Forked(message["forked"], _killed=self._was_killed)
                    asked = self._asked.popleft()
                    # Who asked for it may have been cancelled.
                    forked.kill() if asked.done() else asked.set_result(forked)
                else:
                    self._living.pop(message["gone"]).ended(message["code"])
        self._writer = None
        for orphan in self._living.values():
            orphan.kill()
            orphan.ended(-signal.SIGKILL)
        self._living.clear()
        while self._asked:
            asked = self._asked.popleft()
            if not asked.done():
                asked.set_exception(
                    EnvironmentUnavailable(
                        f"the worker fork server died, or was killed since it did not answer within {ANSWERS_WITHIN} s "
                        f"(log: {self._log})."
                    )
                )


async def _in_time(answer: asyncio.Future[Any]) -> bool:
    """Wait for an answer of the process, and return whether it has come."""
    # Second by second: a time in which this event loop itself stood still counts as one.
    for _ in range(ANSWERS_WITHIN):
        if (await asyncio.wait([answer], timeout=1))[0]:
            return True
    return False


@asynccontextmanager
async def open_fork_server(guard: ProcessGuard, *, log: Path) -> AsyncIterator[ForkServer]:
    """Have a fork server inside the context."""
    fork_server = ForkServer(guard, log=log)
    try:
        yield fork_server
    finally:
        await fork_server.close()


# --- the process's own end --------------------------------------------------------------------------------------------


def main() -> None:
    """Fork what the runner orders until it hangs up, and report each child that ends."""
    runner = socket.socket(socket.AF_UNIX)
    path, *preloaded = json.loads(os.environ.pop(VARIABLE))
    runner.connect(path)
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for module in preloaded:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    gc.freeze()
    received = b""
    with selectors.DefaultSelector() as selector:
        selector.register(runner, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if woken in ready:
                os.read(woken, 4096)
                _report_the_ended(runner)
            if runner.fileno() in ready:
                more = runner.recv(2**20)
                if not more:
                    os._exit(0)
                *lines, received = (received + more).split(b"\n")
                for line in lines:
                    pid = _fork(json.loads(line), closing=(runner.fileno(), woken, wake, selector))
                    _send(runner, {"forked": pid})


def _report_the_ended(runner: socket.socket) -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            _send(runner, {"gone": pid, "code": os.waitstatus_to_exitcode(status)})


def _send(runner: socket.socket, message: dict[str, Any]) -> None:
    runner.sendall(json.dumps(message).encode() + b"\n")


def _fork(order: dict[str, Any], *, closing: tuple[Any, ...]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        _become(order, closing)
    finally:
        os._exit(1)


def _become(order: dict[str, Any], closing: tuple[Any, ...]) -> NoReturn:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for one in closing:
        os.close(one) if isinstance(one, int) else one.close()
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    module, _, name = order["entry"].partition(":")
    getattr(importlib.import_module(module), name)(order["orders"])
    os._exit(0)


if __name__ == "__main__":
    main()
