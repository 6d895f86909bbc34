"""In force from one numbered event of the workflow's history on."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import AfterEvent, UsageError
from harness.evidence.history import read_event
from tests.unit.fake_testbed import RecordingSwitch, set_stage


async def switched(trigger: AfterEvent) -> list[int]:
    """How often the trigger has armed its fault after each event of two runs of three events."""
    testbed, told, seen = set_stage(), RecordingSwitch(), []
    async with trigger.attach(testbed, on=Flights, switch=told.switch):
        for run, number in [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]:
            event = {"eventId": number, "eventTime": "2026-11-22T12:00:00Z", "eventType": "TimerFired"}
            await testbed.history.publish(read_event(event), run=run)
            seen.append(len(told.switched))
    return seen


async def test_its_event_arms_once() -> None:
    """Neither the one before nor the one after, nor the one of this number in the next run."""
    assert await switched(AfterEvent(id=2)) == [0, 1, 1, 1, 1, 1]


async def test_an_event_of_a_later_run_arms_in_that_run() -> None:
    """Each run numbers its events anew."""
    assert await switched(AfterEvent(id=2, run=2)) == [0, 0, 0, 0, 1, 1]


async def test_a_run_that_does_not_come_arms_nothing() -> None:
    """Which the vacuity of the fault then tells."""
    assert await switched(AfterEvent(id=2, run=3)) == [0] * 6


@pytest.mark.parametrize("number", [0, -1])
def test_events_and_runs_are_numbered_from_one(number: int) -> None:
    """There is no event before the first, and no run; both are told at once."""
    with pytest.raises(UsageError) as refused:
        AfterEvent(id=number, run=number)

    assert list(refused.value.problems) == [
        f"AfterEvent: id must be >= 1, got {number}.",
        f"AfterEvent: run must be >= 1, got {number}.",
    ]
