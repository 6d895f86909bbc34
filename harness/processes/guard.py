"""Child processes do not outlive the runner, however it dies.

Every child is started in the process group of one small process, the guard, which holds the reading end of a pipe.
When the runner ends in any way, kill -9 included, the pipe closes. The guard then sends the HTTP requests that it was
given (they delete the run's proxies on the user's own Toxiproxy) and kills its whole process group, stopped processes
too. A child joins the group as it is spawned, so it is guarded at every moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from harness.errors import EnvironmentUnavailable, remedy
from harness.processes.to_its_end import to_its_end

LOST = (
    "the process guard was killed, so child processes would be left behind should the harness be killed, too: "
    "nothing is started any more. Run it again."
)
"""What is said of everything that is under way when the guard's own process has ended."""

KNOWN_WITHIN = 5.0
"""Seconds until the event loop has learned that children that were killed are gone; others may have their pipes."""

# Runs with -S -E -I: the standard library only, so that it is up in some 15 ms.
_WATCHER = r"""
import json, os, signal, sys, urllib.request
os.setpgid(0, 0)
for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(name, signal.SIG_IGN)
print("ready", flush=True)
last_requests = {}
groups = set()
for line in sys.stdin:
    message = json.loads(line)
    if "group" in message:
        (groups.add if message["guarded"] else groups.discard)(message["group"])
    elif message["request"] is None:
        last_requests.pop(message["name"], None)
    else:
        last_requests[message["name"]] = message["request"]
for method, url in last_requests.values():
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(urllib.request.Request(url, method=method), timeout=2).close()
    except OSError:
        pass
for group in groups:
    for kill in (os.killpg, os.kill):
        try:
            kill(group, signal.SIGKILL)
        except OSError:
            pass
os.killpg(0, signal.SIGKILL)
"""


class ProcessGuard:
    """Starts child processes that end when this process ends.

    Use as an async context manager. Leaving it kills every child that still runs, and the guard's own process.
    """

    def __init__(self) -> None:
        self._watcher: subprocess.Popen[str] | None = None
        self._shared: list[Callable[[], Awaitable[None]]] = []
        self._groups: set[int] = set()
        self._children: list[asyncio.subprocess.Process] = []
        self._noticing: list[Callable[[], None]] = []
        self._lost = False

    async def __aenter__(self) -> Self:
        watcher = await asyncio.to_thread(
            subprocess.Popen,
            [sys.executable, "-S", "-E", "-I", "-c", _WATCHER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # The user has no use for its errors, least of all when this process is interrupted while it starts.
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert watcher.stdout is not None  # noqa: S101 - asked for with PIPE
        if await asyncio.to_thread(watcher.stdout.readline) != "ready\n":
            watcher.kill()
            raise EnvironmentUnavailable("the process guard did not start. Check that the machine has free memory.")
        self._watcher = watcher
        # It says no more than that it is ready: what can be read from now on is its end.
        asyncio.get_running_loop().add_reader(watcher.stdout, self._notice, watcher.stdout)
        return self

    @property
    def lost(self) -> bool:
        """Whether the guard's own process has ended before it was left."""
        return self._lost

    def _notice(self, its_output: IO[str]) -> None:
        asyncio.get_running_loop().remove_reader(its_output)
        self._lost = True
        for notice in self._noticing:
            notice()

    @contextlib.contextmanager
    def required(self, notice: Callable[[], None]) -> Iterator[None]:
        """Call `notice` if the guard's own process ends inside the context.

        Raises:
            EnvironmentUnavailable: It has ended already.
        """
        if self._lost:
            raise EnvironmentUnavailable(LOST)
        self._noticing.append(notice)
        try:
            yield
        finally:
            self._noticing.remove(notice)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Interrupted while it ends, it would leave open pipes to its children.
        await to_its_end(self._close())

    async def _close(self) -> None:
        while self._shared:
            await self._shared.pop()()
        watcher, self._watcher = self._watcher, None
        if watcher is None:
            return
        assert watcher.stdout is not None  # noqa: S101 - asked for with PIPE
        asyncio.get_running_loop().remove_reader(watcher.stdout)
        for group in (*self._groups, watcher.pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        await asyncio.to_thread(watcher.wait)
        if self._children:
            # Until the event loop knows of their end, it has open pipes to them, and complains of these when it closes.
            ends = [asyncio.create_task(one.wait()) for one in self._children]
            _, unknown = await asyncio.wait(ends, timeout=KNOWN_WITHIN)
            for one in unknown:
                one.cancel()
        for pipe in (watcher.stdin, watcher.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    async def spawn(
        self,
        argv: Sequence[str | Path],
        *,
        stdin: int = asyncio.subprocess.DEVNULL,
        stdout: IO[bytes] | int = asyncio.subprocess.DEVNULL,
        stderr: IO[bytes] | int = asyncio.subprocess.STDOUT,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> asyncio.subprocess.Process:
        """Start a guarded child.

        Args:
            argv: Program and arguments.
            stdin: One of asyncio's subprocess constants.
            stdout: A file opened for writing, or one of asyncio's subprocess constants.
            stderr: Likewise.
            env: The child's whole environment, or None for this process's own.
            cwd: Its working directory, or None for this process's own.

        Raises:
            EnvironmentUnavailable: The program does not exist or may not be run, or the guard is not running.
        """
        if self._watcher is None:
            raise EnvironmentUnavailable("process guard is not running (use `async with ProcessGuard()`).")
        if self._lost:
            raise EnvironmentUnavailable(LOST)
        try:
            process = await asyncio.create_subprocess_exec(
                *(os.fspath(argument) for argument in argv),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=None if env is None else dict(env),
                cwd=cwd,
                process_group=self._watcher.pid,
            )
        except OSError as error:
            what = f"{os.fspath(argv[0])} cannot be started: {error.strerror}."
            raise EnvironmentUnavailable(f"{what}{remedy(error)}") from error
        self._children = [one for one in self._children if one.returncode is None] + [process]
        return process

    def at_the_end(self, stop: Callable[[], Awaitable[None]]) -> None:
        """Await `stop` when the guard is left, for a child that several runs share."""
        self._shared.append(stop)

    def on_death(self, name: str, *, method: str, url: str) -> None:
        """Send one HTTP request if this process dies before it calls `forget` with this name.

        Meant for what exists on somebody else's server, such as a proxy on the user's own Toxiproxy.
        """
        self._send({"name": name, "request": [method, url]})

    def forget(self, name: str) -> None:
        """Cancel the request that `on_death` registered under this name."""
        self._send({"name": name, "request": None})

    def hold(self, group: int) -> None:
        """Guard a further process group, which a guarded child is about to lead."""
        self._groups.add(group)
        self._send({"group": group, "guarded": True})

    def let_go(self, group: int) -> None:
        """Stop guarding a process group: no process is left in it."""
        self._groups.discard(group)
        self._send({"group": group, "guarded": False})

    def _send(self, message: dict[str, object]) -> None:
        if self._watcher is None or self._watcher.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._watcher.stdin.write(json.dumps(message) + "\n")
            self._watcher.stdin.flush()


class Child(Protocol):
    """A child process, however it was started."""

    @property
    def returncode(self) -> int | None:
        """Its exit code, None while it lives."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""

    async def wait(self) -> int:
        """Wait until it is gone."""


async def end(process: Child, *, grace: timedelta) -> None:
    """Ask a child to end with SIGTERM, and kill it after `grace`; without grace, kill it at once."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate() if grace else process.kill()
    try:
        await asyncio.wait_for(process.wait(), grace.total_seconds() or None)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@contextlib.contextmanager
def held_port() -> Iterator[int]:
    """Hold a free port of 127.0.0.1 for a child that cannot choose one itself, until it listens on it.

    On Linux the system gives the port to nobody else inside the context, neither to a server that takes any nor to a
    connection; a server that names it can bind it, as servers set SO_REUSEADDR. Elsewhere it is only free.
    """
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        if sys.platform != "linux":
            one.close()
        yield port


def free_port() -> int:
    """Return a port of 127.0.0.1 that is free at this moment, for a child that cannot choose one itself."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
