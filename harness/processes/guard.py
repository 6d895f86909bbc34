"""Child processes do not outlive the runner, however it dies.

Every child is started into the process group of one small watcher, the guard, which holds the reading end of a
pipe. When the runner goes away for whatever reason, kill -9 included, the pipe closes and the guard first carries
out the farewells it was given (HTTP requests that heal what stands on somebody else's server) and then kills its
whole process group, stopped processes too. Joining the group happens at the spawn itself, so there is no moment in
which a child is not on the guard.
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
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from harness.errors import EnvironmentUnavailable

# Runs with -S -E -I: the standard library only, so that it is up in some 15 ms.
_WATCHER = r"""
import json, os, signal, sys, urllib.request
os.setpgid(0, 0)
for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(name, signal.SIG_IGN)
print("ready", flush=True)
farewells = {}
groups = set()
for line in sys.stdin:
    said = json.loads(line)
    if "group" in said:
        (groups.add if said["held"] else groups.discard)(said["group"])
    elif said["say"] is None:
        farewells.pop(said["name"], None)
    else:
        farewells[said["name"]] = said["say"]
for method, url in farewells.values():
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

    Use as an async context manager. Leaving it kills what is still on it, itself included.
    """

    def __init__(self) -> None:
        self._watcher: subprocess.Popen[str] | None = None
        self._shared: list[Callable[[], Awaitable[None]]] = []
        self._groups: set[int] = set()

    async def __aenter__(self) -> Self:
        watcher = await asyncio.to_thread(
            subprocess.Popen,
            [sys.executable, "-S", "-E", "-I", "-c", _WATCHER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # It has nothing to say to the user, least of all when this process is interrupted while it starts.
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert watcher.stdout is not None  # noqa: S101 - asked for with PIPE
        if await asyncio.to_thread(watcher.stdout.readline) != "ready\n":
            watcher.kill()
            raise EnvironmentUnavailable("the watcher of child processes did not start; is the machine out of memory?")
        self._watcher = watcher
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._shared:
            await self._shared.pop()()
        watcher, self._watcher = self._watcher, None
        if watcher is None:
            return
        for group in (*self._groups, watcher.pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        await asyncio.to_thread(watcher.wait)
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
        """Start a child on the guard.

        Args:
            argv: Program and arguments.
            stdin: One of asyncio's subprocess constants.
            stdout: A file opened for writing, or one of asyncio's subprocess constants.
            stderr: Likewise.
            env: The child's whole environment, or None for this process's own.
            cwd: Its working directory, or None for this process's own.

        Raises:
            EnvironmentUnavailable: The program is not there, or may not be run.
        """
        if self._watcher is None:
            raise EnvironmentUnavailable(
                "no child can be started: the guard is not held (use `async with ProcessGuard()`)."
            )
        try:
            return await asyncio.create_subprocess_exec(
                *(os.fspath(argument) for argument in argv),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=None if env is None else dict(env),
                cwd=cwd,
                process_group=self._watcher.pid,
            )
        except (FileNotFoundError, PermissionError) as error:
            raise EnvironmentUnavailable(f"{os.fspath(argv[0])} cannot be started: {error.strerror}.") from error

    def at_the_end(self, stop: Callable[[], Awaitable[None]]) -> None:
        """Have `stop` awaited as the guard is left, for a child that nobody in particular owns."""
        self._shared.append(stop)

    def on_death(self, name: str, *, method: str, url: str) -> None:
        """Have one HTTP request sent if this process dies without taking it back with `forget`.

        Meant for what stands on a server that is not ours, such as a proxy on the user's own Toxiproxy.
        """
        self._tell({"name": name, "say": [method, url]})

    def forget(self, name: str) -> None:
        """Take back what `on_death` asked for under this name."""
        self._tell({"name": name, "say": None})

    def hold(self, group: int) -> None:
        """Hold a further process group, which a child on the guard is about to be the leader of."""
        self._groups.add(group)
        self._tell({"group": group, "held": True})

    def let_go(self, group: int) -> None:
        """Take back what `hold` asked for: nobody is left in the group."""
        self._groups.discard(group)
        self._tell({"group": group, "held": False})

    def _tell(self, said: dict[str, object]) -> None:
        if self._watcher is None or self._watcher.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._watcher.stdin.write(json.dumps(said) + "\n")
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
    """Ask a child to end with SIGTERM, and kill it when it has not by the end of `grace`; without grace, kill it."""
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


def free_port() -> int:
    """Return a port of loopback that is free at this moment, for a child that cannot choose one itself."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
