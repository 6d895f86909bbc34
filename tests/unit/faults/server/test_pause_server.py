"""The Temporal server stops in its tracks for a while."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from harness.faults.server.pause_server import PauseServer
from tests.unit.fake_testbed import settle
from tests.unit.faults.server.broken_server import with_a_server

LONG = PauseServer(pause=timedelta(hours=1))


async def test_it_goes_on_by_itself_after_the_pause() -> None:
    """And is not woken a second time."""
    testbed, server = with_a_server()
    fault = PauseServer(pause=timedelta(microseconds=1))
    async with fault.arm(testbed, name="f"):
        while len(server.story) < 2:
            await settle()

    assert server.story == ["pause", "resume"]


async def test_it_goes_on_when_the_context_is_left_before() -> None:
    """A stopped server would hang whatever comes after."""
    testbed, server = with_a_server()
    async with LONG.arm(testbed, name="f"):
        await settle()

    assert server.story == ["pause", "resume"]


async def test_it_goes_on_when_the_run_breaks_at_once() -> None:
    """Before anything else had a turn."""
    testbed, server = with_a_server()
    with suppress(ZeroDivisionError):
        async with LONG.arm(testbed, name="f"):
            raise ZeroDivisionError

    assert server.story == ["pause", "resume"]


def test_no_pause_is_refused() -> None:
    """A server that goes on at once was never paused."""
    assert list(PauseServer(pause=timedelta(0)).problems()) == ["pause must be positive, got 0:00:00."]
    assert list(LONG.problems()) == []
