"""Moments that a scenario's drive can wait for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, cast

from temporalio.client import WorkflowFailureError

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import LiveRun
from harness.events import FaultArmed, FaultHealed
from harness.evidence.history import read_event
from harness.temporal.history_feed import HistoryFeed
from tests.unit.fake_testbed import book, set_stage, settle


def live(feed: HistoryFeed) -> LiveRun:
    """A run that only has a history."""
    testbed = set_stage()
    object.__setattr__(testbed, "history", feed)
    nothing = cast("Any", None)
    return LiveRun(client=nothing, handle=nothing, testbed=testbed, task_queue="q")


async def publish(feed: HistoryFeed, *types: str) -> None:
    """The history grows by events of these types."""
    for kind in types:
        number = len(feed.so_far) + 1
        event = read_event({"eventId": number, "eventTime": "2026-11-22T12:00:00Z", "eventType": kind})
        await feed.publish(event, run=1)


async def test_what_has_happened_already_is_not_waited_for() -> None:
    """Events are counted from the workflow's start, not from the moment of asking."""
    feed = HistoryFeed()
    await publish(feed, "TimerStarted", "TimerFired", "TimerStarted")
    found = await live(feed).until("TimerStarted", nth=2)

    assert found.id == 3


async def test_the_nth_event_is_counted_over_past_and_future() -> None:
    """One before, one after: the second is the one after, and not before it came."""
    feed = HistoryFeed()
    await publish(feed, "TimerStarted")
    waiting = asyncio.create_task(live(feed).until("TimerStarted", nth=2))
    await settle()
    too_soon = waiting.done()
    await publish(feed, "TimerFired", "TimerStarted", "TimerStarted")

    assert not too_soon
    assert (await waiting).id == 3


async def test_several_may_wait_for_different_moments() -> None:
    """And nobody goes on listening after it has what it waited for."""
    feed = HistoryFeed()
    run = live(feed)
    first = asyncio.create_task(run.until("TimerFired"))
    second = asyncio.create_task(run.until("TimerStarted"))
    await settle()
    await publish(feed, "TimerStarted", "TimerFired")

    assert ((await first).id, (await second).id) == (2, 1)
    assert feed._hooks == []


async def test_what_the_run_has_told_already_is_not_waited_for() -> None:
    """One of a kind, with these values."""
    run = live(HistoryFeed())
    run.testbed.stream.emit_all([FaultArmed(fault="a"), FaultHealed(fault="b"), FaultArmed(fault="b")])
    told = await run.told(FaultArmed, fault="b")

    assert told is run.testbed.stream.events[2]


async def test_the_nth_of_a_kind_is_waited_for() -> None:
    """And nobody listens any more when it has come."""
    run = live(HistoryFeed())
    run.testbed.stream.emit(FaultArmed(fault="a"))
    waiting = asyncio.create_task(run.told(FaultArmed, nth=2))
    await settle()
    too_soon = waiting.done()
    run.testbed.stream.emit_all([FaultHealed(fault="a"), FaultArmed(fault="b"), FaultArmed(fault="c")])

    assert not too_soon
    assert (await waiting).fault == "b"
    assert run.testbed.stream._listeners == []


class LeftBehind:
    """A client of a server with one workflow, which has failed."""

    def get_workflow_handle(self, workflow_id: str) -> LeftBehind:
        """That workflow's."""
        assert workflow_id == "child"
        return self

    async def result(self) -> None:
        """How it ended."""
        raise WorkflowFailureError(cause=RuntimeError("terminated"))


async def test_another_workflow_is_seen_to_its_end_whichever_it_is() -> None:
    """And the run is told that it is waited for, so that it is not over before."""
    run = replace(live(HistoryFeed()), client=cast("Any", LeftBehind()))

    await run.see_to_its_end("child")

    assert run.seen_to == ["child"]


async def test_several_calls_are_held_in_whatever_order_they_come() -> None:
    """One of them may come before the other was asked for."""
    testbed = set_stage(Flights, Hotels)
    nothing = cast("Any", None)
    run = LiveRun(client=nothing, handle=nothing, testbed=testbed, task_queue="q")
    held = run.holding_each((Hotels.book, 1), (Flights.book, 1))
    entering = asyncio.create_task(held.__aenter__())
    await settle()
    flight = asyncio.create_task(book(testbed.fake(Flights), "a"))
    await settle()
    hotel = asyncio.create_task(book(testbed.fake(Hotels), "a"))
    async with asyncio.timeout(10):
        calls = await entering
    unserved = not (flight.done() or hotel.done())
    await held.__aexit__(None, None, None)

    assert [one.id for one in calls] == ["hotels.book#1", "flights.book#1"]
    assert unserved
    assert [(await one).status for one in (flight, hotel)] == [201, 201]
