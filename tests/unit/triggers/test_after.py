"""In force from a time after the start on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import After, UsageError
from harness.trigger import Switch
from tests.unit.fake_testbed import RecordingSwitch, set_stage, settle


async def test_the_fault_is_armed_when_the_delay_is_over() -> None:
    """Not at once, and by itself."""
    told = RecordingSwitch()
    async with After(delay=timedelta(0)).attach(set_stage(), on=Flights, switch=told.switch):
        at_once = list(told.switched)
        await settle()

    assert at_once == []
    assert told.switched == ["armed"]


async def test_a_delay_that_is_not_over_arms_nothing() -> None:
    """A run that ends before it leaves no timer behind."""
    told = RecordingSwitch()
    async with After(delay=timedelta(hours=1)).attach(set_stage(), on=Flights, switch=told.switch):
        await settle()

    assert told.switched == []


async def test_a_fault_that_cannot_be_armed_breaks_the_run() -> None:
    """The error is not lost in the background."""

    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        async with After(delay=timedelta(0)).attach(set_stage(), on=Flights, switch=Switch(arm=fail, heal=fail)):
            await settle()


def test_a_negative_delay_is_refused() -> None:
    """Before the start there is nothing to wait for."""
    with pytest.raises(UsageError, match="After: delay must not be negative"):
        After(delay=timedelta(seconds=-1))
