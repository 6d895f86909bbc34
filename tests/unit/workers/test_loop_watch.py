"""Which activity keeps the event loop from running anything else, seen from a thread beside it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from harness.events import Event
from harness.evidence.schedule_events import HeldUp, LoopBlocked, MachineBusy
from harness.workers.loop_watch import LOOK, SIGNAL, BlockedForTooLongError, LoopWatch
from harness.workers.machine import Machine

ENOUGH = timedelta(seconds=60)


async def _blocks(seconds: float = 0.7) -> None:
    time.sleep(seconds)  # noqa: ASYNC251 - the mistake on trial


async def _in_a_task_of_its_own() -> None:
    await asyncio.create_task(_blocks())


async def _in_a_group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(_blocks())


async def _waits() -> None:
    await asyncio.sleep(0.7)


async def _in_a_thread() -> None:
    await asyncio.to_thread(time.sleep, 0.7)


async def _reported(
    work: Callable[[], Awaitable[None]], *, owned: bool = True, patience: timedelta = ENOUGH
) -> tuple[list[Event], list[Event]]:
    """Return the events of the run that does something, and those of its neighbour."""
    watch = LoopWatch(Machine(waits=lambda _: {}))
    one: list[Event] = []
    other: list[Event] = []
    with (
        watch.watching(),
        watch.run("orders/one", emit=one.append, patience=patience) as run,
        watch.run("orders/other", emit=other.append, patience=patience),
    ):

        async def attempt() -> None:
            if owned:
                watch.belongs(run, "charge")
            await work()

        await asyncio.gather(asyncio.create_task(attempt()), return_exceptions=True)
        await asyncio.sleep(5 * LOOK)
    return one, other


@pytest.mark.parametrize("work", [_blocks, _in_a_task_of_its_own, _in_a_group])
async def test_whoever_blocks_the_loop_is_named_and_the_neighbour_learns_that_it_was_held_up(
    work: Callable[[], Awaitable[None]],
) -> None:
    """Also when it is a task that the activity's task has created."""
    [blocked], [held_up] = await _reported(work)

    assert isinstance(blocked, LoopBlocked)
    assert isinstance(held_up, HeldUp)
    assert (blocked.activity, held_up.by, blocked.came_back) == ("charge", "charge of orders/one", True)
    assert "test_loop_watch.py:" in blocked.where
    assert "test_loop_watch.py:" in held_up.where
    assert 0.4 <= blocked.seconds <= 0.8


async def test_what_the_machine_took_is_recorded_at_the_end_of_a_run() -> None:
    """Where it was enough to matter."""
    waits = iter(range(1000))
    watch = LoopWatch(Machine(waits=lambda pid: {pid: float(next(waits))}))
    events: list[Event] = []
    with watch.watching(), watch.run("orders/one", emit=events.append, patience=ENOUGH):
        deadline = time.monotonic() + 60
        while watch.machine.last is None and time.monotonic() < deadline:
            await asyncio.to_thread(time.sleep, LOOK)
        assert not events

    [busy] = events
    assert isinstance(busy, MachineBusy)
    assert busy.seconds == busy.starved > 0.4


async def test_of_code_outside_of_an_activity_every_run_is_held_up() -> None:
    """A driver, or the code of a test."""
    one, other = await _reported(_blocks, owned=False)

    assert [type(event) for event in one + other] == [HeldUp, HeldUp]
    assert {event.by for event in one + other if isinstance(event, HeldUp)} == {"code outside of an activity"}


@pytest.mark.parametrize("work", [_waits, _in_a_thread])
async def test_what_waits_elsewhere_blocks_nothing(work: Callable[[], Awaitable[None]]) -> None:
    """However long it takes."""
    assert await _reported(work) == ([], [])


@pytest.mark.parametrize("exhausting", ["sleeps", "spins"])
async def test_what_never_returns_is_ended_when_its_run_may_take_no_longer(exhausting: str) -> None:
    """Even where no ordinary exception ends its code."""

    async def never_returns() -> None:
        while True:
            try:
                time.sleep(60 if exhausting == "sleeps" else 0)  # noqa: ASYNC251 - the mistake on trial
            except Exception:  # noqa: BLE001, S112 - the mistake on trial
                continue

    begun = time.monotonic()
    [blocked], [held_up] = await _reported(never_returns, patience=timedelta(seconds=1))

    assert time.monotonic() - begun < 5
    assert isinstance(blocked, LoopBlocked)
    assert (blocked.activity, blocked.came_back) == ("charge", False)
    assert isinstance(held_up, HeldUp)


async def test_a_watch_inside_another_ends_code_too_and_leaves_the_other_its_signal() -> None:
    """As in a test that runs in a session of its own, within the session of pytest's plugin."""

    async def never_returns() -> None:
        time.sleep(60)  # noqa: ASYNC251 - the mistake on trial

    with LoopWatch().watching():
        outside = signal.getsignal(SIGNAL)
        [blocked], _ = await _reported(never_returns, patience=timedelta(seconds=1))

        assert isinstance(blocked, LoopBlocked)
        assert not blocked.came_back
        assert signal.getsignal(SIGNAL) == outside


async def test_whoever_debugs_an_activity_has_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its code stands in a module of a debugger."""
    monkeypatch.setitem(globals(), "__name__", "pdb.somewhere")

    [blocked], _ = await _reported(_blocks, patience=timedelta(seconds=0.3))

    assert isinstance(blocked, LoopBlocked)
    assert blocked.came_back


async def test_an_activity_that_was_ended_says_why() -> None:
    """In its own failure."""
    raised: list[BaseException] = []

    async def catches() -> None:
        try:
            await _blocks(20)
        except BlockedForTooLongError as error:
            raised.append(error)

    await _reported(catches, patience=timedelta(seconds=0.5))

    assert str(raised[0]).startswith("it blocked the event loop for ")


async def test_the_loop_is_left_as_it_was() -> None:
    """Its task factory, for whoever uses it afterwards."""
    loop = asyncio.get_running_loop()
    before = loop.get_task_factory()
    with LoopWatch().watching():
        assert loop.get_task_factory() is not before

    assert loop.get_task_factory() is before
