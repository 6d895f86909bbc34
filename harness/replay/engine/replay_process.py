"""One process that replays: started with the code, asked for one replay at a time, killed when it does not answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from harness.application_side.stuck import NOT_APPLICATION, is_application
from harness.errors import EnvironmentUnavailable, UsageError
from harness.processes.guard import ProcessGuard

T = TypeVar("T")

GONE_WITHIN = timedelta(seconds=5)
"""How long a process whose pipe has closed may take to exit."""


class ProcessLost(Exception):  # noqa: N818 - a state of a process
    """The process has ended, or was killed because it did not answer.

    Attributes:
        late: Whether it did not answer in time.
    """

    def __init__(self, what: str, *, late: bool) -> None:
        super().__init__(what)
        self.late = late


@dataclass(kw_only=True)
class ReplayProcess:
    """A process that is started when it is first asked, and again after it had to be killed.

    Attributes:
        guard: Ends the process if this one dies.
        log: Receives what the process prints.
        seed: Its PYTHONHASHSEED.
        start: Its first orders: the code, and how it is replayed.
        main: Its main module in this package.
        path: Import path of the code, before this process's own.
        hidden: Entries of this process's own import path that it must not use.
        env: Its environment variables; None for this process's own.
        up_within: How long it may take to import the code and to validate its workflows.
        folders: Folders of code that is not the application's.
        rename: A folder in its answers, and what is written in its place.
    """

    guard: ProcessGuard
    log: Path
    seed: int
    start: Mapping[str, Any]
    main: str = "files_main"
    path: Sequence[str] = ()
    hidden: Sequence[str] = ()
    env: Mapping[str, str] | None = None
    up_within: timedelta = timedelta(seconds=60)
    folders: Sequence[Path] = NOT_APPLICATION
    rename: tuple[str, str] = ("", "")
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)
    _received: bytes = field(default=b"", init=False)
    _importing: str = field(default="", init=False)

    async def ask(self, *, within: timedelta, **order: Any) -> None:
        """Send an order; `answer` returns what comes of it.

        Raises:
            UsageError: The code cannot be imported.
            EnvironmentUnavailable: The process cannot be started.
            ProcessLost: It does not take the order.
        """
        if self._process is None:
            await self._start()
        await self._bounded(self._send(**order), within)

    async def answer(self, *, within: timedelta) -> dict[str, Any]:
        """Return its next answer.

        Raises:
            ProcessLost: It ended, or was killed because it did not answer.
        """
        return await self._bounded(self._receive(), within)

    async def _bounded(self, work: Coroutine[Any, Any, T], within: timedelta) -> T:
        try:
            return await asyncio.wait_for(work, within.total_seconds())
        except TimeoutError:
            where = await self._where()
            await self.end()
            at = f"; it was at {where}" if where else ""
            raise ProcessLost(f"it had not ended after {within.total_seconds():g} s{at}.", late=True) from None
        except (EOFError, ConnectionError):
            ended = await self._ended()
            raise ProcessLost(f"its process ended with {ended}.", late=False) from None

    async def _start(self) -> None:
        own = [one or str(Path.cwd()) for one in sys.path]
        path = [*self.path, *(one for one in own if one not in {*self.path, *self.hidden})]
        with self.log.open("wb") as log:
            self._process = await self.guard.spawn(
                [sys.executable, "-P", "-m", f"harness.replay.engine.{self.main}"],
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                # The child sets its import path once it runs: the harness itself is to be this one.
                env={
                    **(os.environ if self.env is None else self.env),
                    "PYTHONHASHSEED": str(self.seed),
                    "PYTHONPATH": os.pathsep.join(own),
                },
            )
        self._importing = ""
        try:
            async with asyncio.timeout(self.up_within.total_seconds()):
                await self._send(path=path, **self.start)
                while "ready" not in (said := await self._receive()):
                    if "problems" in said:
                        await self.end()
                        raise UsageError(*said["problems"])
                    self._importing = said["importing"]
        except TimeoutError:
            where = await self._where()
            await self.end()
            seconds = self.up_within.total_seconds()
            if not self._importing:
                raise EnvironmentUnavailable(f"no process could be started to replay within {seconds:g} s.") from None
            at = f" It was at {where}." if where else ""
            raise UsageError(
                f"the import of {self._importing} had not ended after {seconds:g} s.{at} A module that workflows "
                "import must not wait for anything; if it is only slow, pass a longer --deadline."
            ) from None
        except (EOFError, ConnectionError):
            ended = await self._ended()
            if not self._importing:
                raise EnvironmentUnavailable(f"no process can be started to replay: it ended with {ended}.") from None
            raise UsageError(f"the import of {self._importing} ended its process with {ended}.") from None

    async def _send(self, **said: Any) -> None:
        assert self._process is not None  # noqa: S101 - started before
        assert self._process.stdin is not None  # noqa: S101 - asked for with PIPE
        self._process.stdin.write(json.dumps(said).encode() + b"\n")
        await self._process.stdin.drain()

    async def _receive(self) -> dict[str, Any]:
        assert self._process is not None  # noqa: S101 - started before
        assert self._process.stdout is not None  # noqa: S101 - asked for with PIPE
        parts = [self._received]
        while b"\n" not in parts[-1]:
            more = await self._process.stdout.read(2**16)
            if not more:
                raise EOFError
            parts.append(more)
        line, _, self._received = b"".join(parts).partition(b"\n")
        folder, instead = (json.dumps(one)[1:-1].encode() for one in self.rename)
        said: dict[str, Any] = json.loads(line.replace(folder, instead) if folder else line)
        return said

    async def _where(self) -> str:
        """Return which line of the application a process is at, "" if that cannot be found out."""
        if self._process is None or self._process.returncode is not None:
            return ""
        before = self.log.stat().st_size
        self._process.send_signal(signal.SIGUSR1)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                while self.log.stat().st_size == before:  # noqa: ASYNC110 - a file does not notify
                    await asyncio.sleep(0.02)
        words = self.log.read_bytes()[before:].decode(errors="replace")
        frames = re.findall(r'File "(.+)", line (\d+) in (.+)', words)
        own = (f"{file}:{line} in {name}" for file, line, name in frames if is_application(file, self.folders))
        return next(own, "")

    async def _ended(self) -> str:
        """Return the exit code of a process that is ending, and its last words."""
        code = await self.end(kill=False)
        how = f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
        last = " ".join(self.log.read_text(errors="replace").strip().splitlines()[-3:])[-500:]
        return f"{how}, saying: {last}" if last else how

    async def end(self, *, kill: bool = True) -> int | None:
        """End the process, if there is one, and return its exit code."""
        process, self._process, self._received = self._process, None, b""
        if process is None:
            return None
        if not kill:
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(process.wait(), GONE_WITHIN.total_seconds())
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        return await process.wait()
