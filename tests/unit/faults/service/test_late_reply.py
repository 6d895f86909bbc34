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


async def test_with_a_delay_a_caller_that_still_waits_gets_a_late_answer() -> None:
    """And the fault has fired: the answer was late."""
    testbed = set_stage(Flights)
    caller = Caller(testbed.fake(Flights), "POST /bookings", key="k", body=BOOKING)
    began = asyncio.get_running_loop().time()
    async with LateReply(on=Flights.book, delay=timedelta(milliseconds=50)).arm(testbed, name="f"):
        answer = await caller.answer()

    assert answer.status == 201
    assert asyncio.get_running_loop().time() - began >= 0.05
    assert [str(vars(one)["what"]) for one in told(testbed, FaultFired)] == ["answered 201 late"]


async def test_healing_before_the_delay_is_over_lets_the_answer_go() -> None:
    """The answer was not late, and the fault has not fired."""
    testbed = set_stage(Flights)
    caller = Caller(testbed.fake(Flights), "POST /bookings", key="k", body=BOOKING)
    async with LateReply(on=Flights.book, delay=timedelta(minutes=1)).arm(testbed, name="f"):
        asking = asyncio.create_task(caller.answer())
        await settle()

    assert (await asking).status == 201
    assert told(testbed, FaultFired) == []


@pytest.mark.parametrize("time", [timedelta(0), timedelta(seconds=-1)], ids=str)
def test_no_time_is_refused(time: timedelta) -> None:
    """An answer that is held back for no time is not late."""
    assert list(LateReply(on=Flights.book, patience=time, delay=time).problems()) == [
        f"patience must be positive, got {time}.",
        f"delay must be positive, got {time}.",
    ]
