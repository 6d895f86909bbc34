"""Starts a program in a process group of its own, so that a fault reaches the processes that it starts, too.

Programs such as `uv run` or a shell start the worker as a child. A signal to the program alone would leave the worker
running; an orchestrator would have ended the whole container. The process guard covers the group.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.errors import EnvironmentUnavailable
from harness.processes.guard import ProcessGuard

# It stays in the guard's group until the guard knows its new group, so that it is guarded at every moment.
_SHIM = r"""
import os, signal, sys
if sys.stdin.buffer.read(1) != b"g":
    os._exit(1)
os.setpgid(0, 0)
nothing = os.open(os.devnull, os.O_RDONLY)
os.dup2(nothing, 0)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
try:
    os.execv(sys.argv[1], sys.argv[2:])
except OSError as error:
    sys.stderr.write(f"{sys.argv[1]} cannot be run: {error.strerror}\n")
    sys.stderr.flush()
os._exit(126)
"""


class OwnGroup:
    """A running program and the processes that it has started.

    SIGTERM goes to the program alone, as an orchestrator sends it; SIGSTOP, SIGCONT and SIGKILL go to all of them.
    Processes that are left when the program has ended are killed.
    """

    def __init__(self, process: Process, guard: ProcessGuard) -> None:
        self._process = process
        self._guard = guard
        self._ended = asyncio.create_task(self._end_with_its_children())

    @property
    def pid(self) -> int:
        """The program's process id, and its group's."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, negative for a signal; None while it lives."""
        return self._process.returncode

    async def wait(self) -> int:
        """Wait until it is gone, and return its exit code."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, if it lives."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                (os.kill if number is signal.SIGTERM else os.killpg)(self.pid, number)

    def terminate(self) -> None:
        """Ask the program to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill all its processes, stopped or not."""
        self.send_signal(signal.SIGKILL)

    async def _end_with_its_children(self) -> int:
        code = await self._process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._guard.let_go(self.pid)
        return code


async def start_in_own_group(
    guard: ProcessGuard, argv: Sequence[str], *, env: Mapping[str, str], log: Path
) -> OwnGroup:
    """Start a program.

    Args:
        guard: Ends it if this process dies.
        argv: Program and arguments.
        env: Its whole environment.
        log: Receives its output.

    Raises:
        EnvironmentUnavailable: There is no such program.
    """
    program = shutil.which(argv[0], path=env.get("PATH"))
    if program is None:
        raise EnvironmentUnavailable(f"the worker's program {argv[0]!r} is not on PATH.")
    with log.open("ab") as output:
        process = await guard.spawn(
            [sys.executable, "-S", "-E", "-I", "-c", _SHIM, program, *argv],
            stdin=asyncio.subprocess.PIPE,
            stdout=output,
            env=env,
        )
    guard.hold(process.pid)
    assert process.stdin is not None  # noqa: S101 - asked for with PIPE
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(b"g")
        await process.stdin.drain()
    process.stdin.close()
    return OwnGroup(process, guard)
