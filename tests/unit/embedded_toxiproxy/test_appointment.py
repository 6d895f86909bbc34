"""Timers that are never early."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from harness.embedded_toxiproxy import chain
from harness.embedded_toxiproxy.chain import FOR_EVER, Appointment
from tests.unit.embedded_toxiproxy.fakes import Clock


class Hasty:
    """An event loop whose timers go off up to a millisecond early, as uvloop's do.

    Attributes:
        delays: What it was asked for.
    """

    def __init__(self, clock: Clock) -> None:
        self.delays: list[float] = []
        self._clock = clock

    def call_later(self, delay: float, call: Callable[[], None]) -> Any:
        """Call a bit too early."""
        self.delays.append(delay)
        return self._clock.at(self._clock.now + max(delay - 0.0009, 0), call)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give the clock to appointments."""
    clock = Clock()
    monkeypatch.setattr(chain, "time", clock)
    return clock


def test_never_early(clock: Clock) -> None:
    """A timer that goes off early is set again for what is left."""
    loop, rung = Hasty(clock), []
    Appointment(cast("asyncio.AbstractEventLoop", loop), clock.now + 0.0052, lambda: rung.append(clock.now - 1000))
    clock.move(1)

    assert loop.delays == [0.006, 0.001]
    assert rung[0] > 0.0052 - 1e-9
    assert rung[0] < 0.0062


def test_cancelled(clock: Clock) -> None:
    """A cancelled appointment is not kept, also when it was set again."""
    loop, rung = Hasty(clock), []
    appointment = Appointment(cast("asyncio.AbstractEventLoop", loop), clock.now + 0.0052, lambda: rung.append(1))
    clock.move(0.00515)
    appointment.cancel()
    clock.move(1)

    assert rung == []


def test_for_ever(clock: Clock) -> None:
    """A time beyond what loops can count is cut to ten years."""
    loop = Hasty(clock)
    Appointment(cast("asyncio.AbstractEventLoop", loop), min(1e300, clock.now + FOR_EVER), lambda: None)

    assert loop.delays == [pytest.approx(FOR_EVER)]
