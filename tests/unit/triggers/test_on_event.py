"""In force from an event of the workflow's history on."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import OnEvent, UsageError
from harness.evidence.history import read_event
from tests.unit.fake_testbed import RecordingSwitch, set_stage


async def test_the_nth_event_of_its_type_arms_once() -> None:
    """Neither an earlier one, nor one of another type, nor a later one again."""
    testbed, told, seen = set_stage(), RecordingSwitch(), []
    async with OnEvent(type="TimerFired", nth=2).attach(testbed, on=Flights, switch=told.switch):
        for number, kind in enumerate(["TimerFired", "TimerStarted", "TimerFired", "TimerStarted", "TimerFired"]):
            await testbed.history.publish(
                read_event({"eventId": number, "eventTime": "2026-11-22T12:00:00Z", "eventType": kind}), run=1
            )
            seen.append(len(told.switched))

    assert seen == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    "wrong", ["EVENT_TYPE_TIMER_FIRED", "timerFired", "Timer Fired", "", "timer_fired", "TimerFried"]
)
def test_another_spelling_is_refused(wrong: str) -> None:
    """An event that never comes would never arm."""
    with pytest.raises(UsageError, match=f"unknown event type '{wrong}'"):
        OnEvent(type=wrong)


@pytest.mark.parametrize("nth", [0, -1])
def test_events_are_counted_from_one(nth: int) -> None:
    """There is no event before the first."""
    with pytest.raises(UsageError, match=f"OnEvent: nth must be >= 1, got {nth}"):
        OnEvent(type="TimerFired", nth=nth)
