"""In force from one numbered event of the workflow's history on."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import AfterEvent, UsageError
from harness.history import read_event
from tests.unit.stagehands import RecordingSwitch, set_stage


async def test_its_event_arms_once() -> None:
    """Neither the one before nor the one after."""
    stage, told, seen = set_stage(), RecordingSwitch(), []
    async with AfterEvent(id=2).attach(stage, on=Flights, switch=told.switch):
        for number in (1, 2, 3):
            await stage.history.publish(
                read_event({"eventId": number, "eventTime": "2026-11-22T12:00:00Z", "eventType": "TimerFired"})
            )
            seen.append(len(told.switched))

    assert seen == [0, 1, 1]


@pytest.mark.parametrize("number", [0, -1])
def test_events_are_numbered_from_one(number: int) -> None:
    """There is no event before the first."""
    with pytest.raises(UsageError, match=f"id={number} is no event"):
        AfterEvent(id=number)
