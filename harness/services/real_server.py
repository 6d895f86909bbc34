"""A real server behind a proxy: any program that speaks TCP, started as a child process on a free port."""

from __future__ import annotations

import asyncio
import shutil
from asyncio.subprocess import Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from harness.errors import EnvironmentUnavailable
from harness.events import Event
from harness.files.log_tail import log_tail
from harness.processes.guard import ProcessGuard, end, free_port, held_port
from harness.services.service import Service

UP_WITHIN = timedelta(seconds=20)
"""How long a server may take until it accepts connections."""


SOCKETS = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""Where Linux lists the sockets."""


def established(port: int) -> int:
    """Count the established connections of a local port; 0 where the operating system does not list them."""
    count = 0
    for file in SOCKETS:
        with suppress(OSError):
            rows = [line.split() for line in file.read_text(encoding="ascii").splitlines()[1:]]
            count += sum(int(row[1].rpartition(":")[2], 16) == port and row[3] == "01" for row in rows)
    return count


class TcpService(Service):
    """The base of every real server. It keeps no journal: its calls cannot be counted or changed.

    Attributes:
        program: The program's name.
        install: What to do when it is not there.
        scheme: Scheme of its base URL.
    """

    program: ClassVar[str]
    install: ClassVar[str]
    scheme: ClassVar[str] = "tcp"

    def __init__(self, emit: Callable[[Event], None] | None = None) -> None:
        super().__init__(emit)
        self._process: Process | None = None
        self._port = 0

    @classmethod
    def found(cls) -> str | None:
        """Where the program is: on PATH. None when it is not there; a kind may know another place."""
        return shutil.which(cls.program)

    @classmethod
    def missing(cls) -> str | None:
        """Why the program cannot be started, and how to install it; None when it is there."""
        return None if cls.found() else f"{cls.program} is not on PATH; {cls.install}"

    def base_url(self, address: str) -> str:
        """Return SCHEME://HOST:PORT."""
        return f"{self.scheme}://{address}"

    @property
    def address(self) -> str:
        """HOST:PORT as bound."""
        return f"127.0.0.1:{self._port}"

    @property
    def connections(self) -> int:
        """How many connections are open, idle ones included, where the operating system says so: on Linux."""
        return established(self._port)

    def argv(self, port: int) -> Sequence[str]:
        """Return the arguments with which the program listens on this port of loopback, and keeps nothing on disk."""
        raise NotImplementedError

    async def open(self, guard: ProcessGuard, *, log: Path) -> None:
        """Start the program and wait until it accepts connections."""
        program = self.found()
        if program is None:
            raise EnvironmentUnavailable(str(self.missing()))
        # Held: some take a second until they bind it, and whoever had it by then would be taken for the server.
        with held_port() as port:
            if await self._started(program, port, guard, log):
                return
        # Without SO_REUSEADDR, which nearly all servers set, it cannot bind a port that is held.
        if not await self._started(program, free_port(), guard, log):
            raise EnvironmentUnavailable(f"{self.program} exited during startup. {log_tail(log)}")

    async def _started(self, program: str, port: int, guard: ProcessGuard, log: Path) -> bool:
        """Start the program on a port, and return whether it accepts connections; False if it has exited.

        Raises:
            EnvironmentUnavailable: It does neither in time.
        """
        self._port = port
        with log.open("ab") as output:
            self._process = await guard.spawn([program, *self.argv(port)], stdout=output)
        try:
            async with asyncio.timeout(UP_WITHIN.total_seconds()):
                return await self._accepting()
        except TimeoutError as error:
            await self.stop()
            raise EnvironmentUnavailable(
                f"{self.program} accepted no connection within {UP_WITHIN.total_seconds():g} s. {log_tail(log)}"
            ) from error

    async def stop(self) -> None:
        """Kill the program."""
        if self._process is not None:
            await end(self._process, grace=timedelta(0))

    async def _accepting(self) -> bool:
        assert self._process is not None  # noqa: S101 - just spawned
        while self._process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                # Not listening yet; the deadline around this ends the wait.
                await asyncio.sleep(0.01)
            else:
                writer.close()
                await writer.wait_closed()
                return True
        return False
