"""Toxics on a clock that is moved by hand."""

from __future__ import annotations

import pytest

from tests.unit.embedded_toxiproxy.fakes import Clock, FakeStub

TIMED = ("latency", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give every toxic the same clock."""
    clock = Clock()
    for name in TIMED:
        monkeypatch.setattr(f"harness.embedded_toxiproxy.toxics.{name}.time", clock)
    return clock


@pytest.fixture
def stub(clock: Clock) -> FakeStub:
    """Give a place in a chain."""
    return FakeStub(clock)
