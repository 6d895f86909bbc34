"""The Temporal server is gone from one moment to the next, and comes back."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from harness.events import FaultFired, RunBroken
from harness.faults.server.crash_server import CrashServer
from tests.unit.builders import evidence
from tests.unit.fake_testbed import settle
from tests.unit.faults.server.broken_server import with_a_server


async def test_it_comes_back_while_the_workflow_goes_on() -> None:
    """Nobody has to heal it."""
    testbed, server = with_a_server()
    async with CrashServer().arm(testbed, name="f"):
        at_once = list(server.story)
        await settle()
        later = list(server.story)

    assert at_once == ["kill"]
    assert later == server.story == ["kill", "restart"]


async def test_it_is_back_when_the_context_is_left() -> None:
    """Also when the run breaks at once: the evidence is fetched from it."""
    testbed, server = with_a_server()
    with suppress(ZeroDivisionError):
        async with CrashServer(down_for=timedelta(milliseconds=1)).arm(testbed, name="f"):
            raise ZeroDivisionError

    assert server.story == ["kill", "restart"]


async def test_one_that_does_not_come_back_breaks_the_run_at_once() -> None:
    """And not when the fault is healed, at the deadline."""
    testbed, server = with_a_server()
    server.comes_back = False
    async with CrashServer().arm(testbed, name="f"):
        await settle()
        told = [event.what for event in testbed.stream.events if isinstance(event, RunBroken)]

    assert told == ["it did not start again."]


async def test_it_may_listen_before_it_answers() -> None:
    """For as long as is said; less than no time is refused."""
    testbed, server = with_a_server()
    async with CrashServer(unready_for=timedelta(seconds=2)).arm(testbed, name="f"):
        await settle()

    assert server.story == ["kill", "restart, unready for 0:00:02"]
    assert list(CrashServer(unready_for=timedelta(seconds=-1)).problems())


async def test_each_crash_is_counted() -> None:
    """And a negative time away is refused."""
    testbed, _ = with_a_server()
    fault = CrashServer()
    async with fault.arm(testbed, name="f"):
        pass
    fired = [event for event in testbed.stream.events if isinstance(event, FaultFired)]

    assert fault.fired(evidence(fired), name="f") == 1
    assert list(fault.problems()) == []
    assert list(CrashServer(down_for=timedelta(seconds=-1)).problems()) == [
        "down_for must not be negative, got -1 day, 23:59:59."
    ]
