"""The service does what it was asked, and answers when nobody waits any more."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import LateReply
from harness.events import EffectApplied, FaultFired
from tests.unit.fake_testbed import Caller, set_stage, settle, told

BOOKING = {"trip": "t", "item": "seat"}


async def test_the_answer_waits_until_the_caller_has_gone() -> None:
    """The effect is committed at once; the fault fires when nobody is there to hear."""
    testbed = set_stage(Flights)
    caller = Caller(testbed.fake(Flights), "POST /bookings", key="k", body=BOOKING)
    async with LateReply(on=Flights.book).arm(testbed, name="f"):
        asking = asyncio.create_task(caller.answer())
        await settle()
        while_waiting = (asking.done(), len(told(testbed, EffectApplied)), len(told(testbed, FaultFired)))
        caller.leave()
        answer = await asking

    assert while_waiting == (False, 1, 0)
    assert answer.status is None
    assert len(told(testbed, FaultFired)) == 1


async def test_a_caller_more_patient_than_the_fault_is_answered() -> None:
    """And the fault has not fired: nothing was late for anybody."""
    testbed = set_stage(Flights)
    caller = Caller(testbed.fake(Flights), "POST /bookings", key="k", body=BOOKING)
    async with LateReply(on=Flights.book, patience=timedelta(milliseconds=1)).arm(testbed, name="f"):
        answer = await caller.answer()

    assert answer.status == 201
    assert told(testbed, FaultFired) == []


async def test_healing_lets_the_answer_go() -> None:
    """The call in flight is answered as if the fault had never been armed."""
    testbed = set_stage(Flights)
    caller = Caller(testbed.fake(Flights), "POST /bookings", key="k", body=BOOKING)
    async with LateReply(on=Flights.book).arm(testbed, name="f"):
        asking = asyncio.create_task(caller.answer())
        await settle()

    assert (await asking).status == 201
    assert told(testbed, FaultFired) == []


@pytest.mark.parametrize("patience", [timedelta(0), timedelta(seconds=-1)], ids=str)
def test_no_patience_is_refused(patience: timedelta) -> None:
    """An answer that waits for nothing is not late."""
    assert list(LateReply(on=Flights.book, patience=patience).problems()) == [
        f"patience must be positive, it is {patience}."
    ]
