"""How often a fault must fire, and the plainest trigger."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import AtStart, LostReply
from harness.trigger import Bounds
from tests.unit.fake_testbed import RecordingSwitch, set_stage


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (Bounds(), "at least 1"),
        (Bounds(at_least=2), "at least 2"),
        (Bounds(at_least=2, at_most=2), "exactly 2"),
        (Bounds(at_least=1, at_most=3), "1 to 3"),
    ],
    ids=str,
)
def test_bounds_are_read_as_they_are_meant(bounds: Bounds, said: str) -> None:
    """In a finding."""
    assert str(bounds) == said


async def test_a_fault_without_a_trigger_is_armed_at_once() -> None:
    """Before the workflow starts, for the whole run."""
    told = RecordingSwitch()
    async with AtStart().attach(set_stage(), on=Flights, switch=told.switch):
        at_once = list(told.switched)

    assert at_once == told.switched == ["armed"]
    assert LostReply(on=Flights.book).when == AtStart()
