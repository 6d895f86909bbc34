"""What Amazon's services have in common here: one moto server for all runs, or a server of the user's own.

moto speaks Amazon's protocols and keeps everything in memory. It takes half a second to start, so all runs of a
session share one process; what a run keeps there has a name of its own.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from weakref import WeakKeyDictionary

from harness.errors import UsageError
from harness.processes.guard import ProcessGuard
from harness.services.real_server import TcpService
from harness.services.service import Service

ADDRESS = "HARNESS_AWS"
"""The environment variable that names a server of the user's own, as HOST:PORT, such as LocalStack's."""

ANYBODY = ("anybody", "anybody")
"""Key id and secret for a server that checks no signatures; moto and its like accept any."""

REGION = "us-east-1"
"""Where everything is kept."""


class AwsService(Service):
    """The base of each: at the address that the user names, else on the session's moto server."""

    _address = ""

    @classmethod
    def missing(cls) -> str | None:
        """Say that moto is not installed, and how to get it."""
        return missing()

    @property
    def address(self) -> str:
        """HOST:PORT of the server."""
        return self._address

    @property
    def endpoint(self) -> str:
        """Its URL, past the proxy."""
        return f"http://{self._address}"

    async def open(self, guard: ProcessGuard, *, log: Path) -> None:
        """Have the server; a kind makes there what it needs.

        Raises:
            UsageError: The user's address is none.
            EnvironmentUnavailable: moto did not start.
        """
        self._address = await server(guard, log=log)


def missing() -> str | None:
    """Say that there is no server to be had, and how to get one; None when there is."""
    if os.environ.get(ADDRESS) or find_spec("moto"):
        return None
    return f"moto is not installed; `pip install 'moto[s3,sqs]' flask flask-cors`, or set {ADDRESS}=HOST:PORT."


async def server(guard: ProcessGuard, *, log: Path) -> str:
    """Return HOST:PORT of the user's server, or else of the session's, which the first who asks starts.

    Raises:
        UsageError: The user's address is none.
        EnvironmentUnavailable: moto did not start.
    """
    return _named() or await _moto(guard, log)


class _Moto(TcpService):
    """The moto server."""

    program = sys.executable
    install = "install Python."

    def argv(self, port: int) -> Sequence[str]:
        """Loopback only."""
        return ["-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]


_started: WeakKeyDictionary[ProcessGuard, asyncio.Task[str]] = WeakKeyDictionary()


def _named() -> str:
    named = os.environ.get(ADDRESS, "")
    host, _, port = named.rpartition(":")
    if named and (not host or not port.isdecimal() or "/" in host):
        raise UsageError(
            f"{ADDRESS}={named} is no HOST:PORT, such as localhost:4566. Over plain HTTP: a proxy stands in between."
        )
    return named


async def _moto(guard: ProcessGuard, log: Path) -> str:
    """The address of the one server on this guard, which ends it; the first who asks starts it."""
    task = _started.get(guard)
    if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
        task = _started[guard] = asyncio.create_task(_start(guard, log))
    # Others wait for it, too: a run that is interrupted does not take it from them.
    return await asyncio.shield(task)


async def _start(guard: ProcessGuard, log: Path) -> str:
    moto = _Moto()
    await moto.open(guard, log=log)
    guard.at_the_end(moto.stop)
    return moto.address
