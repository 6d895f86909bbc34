"""The scenarios that need a Redis run on the one that pip installs, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.redis import Redis
from harness import Verdict
from harness.services.real_server import TcpService
from scenarios.stock import connections_reset, redis_down
from tests.live.conftest import Run


async def test_a_machine_without_redis(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a new machine, where nothing is on PATH."""
    monkeypatch.setattr(TcpService, "found", lambda: None)
    assert Path(Redis.found() or "").name == "valkey-server"

    for one in (connections_reset, redis_down):
        result = await run(one.scenario)
        assert result.verdict is Verdict.PASSED, result.findings
