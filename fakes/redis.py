"""A real Redis, from the system's packages."""

from __future__ import annotations

from collections.abc import Sequence

from harness.services.real_server import TcpService


class Redis(TcpService):
    """A real Redis server that keeps everything in memory."""

    program = "redis-server"
    install = "install it from the system's packages, such as `apt-get install redis-server`."
    scheme = "redis"

    def argv(self, port: int) -> Sequence[str]:
        """Loopback only, nothing on disk."""
        return ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
