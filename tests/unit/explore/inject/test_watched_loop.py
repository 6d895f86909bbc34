"""Who keeps an event loop from coming round, seen from outside."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from harness.explore.inject.watched_loop import NOTICED, Blockage, WatchedLoop

WITHIN = 5.0


class _Watched:
    """A loop, and what it reports."""

    def __init__(self) -> None:
        self.reported: list[tuple[Blockage[str], float]] = []
        self.loop: WatchedLoop[str] = WatchedLoop(lambda blockage, seconds: self.reported.append((blockage, seconds)))

    async def until_blocked(self) -> Blockage[str]:
        """Look until one round has taken long."""
        looks, seen = 0, None
        async with asyncio.timeout(WITHIN):
            while looks < 3:
                await asyncio.sleep(0.05)
                seen, looks = self.loop.round, looks + 1 if seen is not None and seen == self.loop.round else 0
        return self.loop.look()


@pytest.fixture
async def watched() -> AsyncIterator[_Watched]:
    """A loop that is stopped in the end."""
    one = _Watched()
    yield one
    one.loop.stop()
    await asyncio.to_thread(one.loop.join, WITHIN)


async def _as(watched: _Watched, name: str, work: Callable[[], Awaitable[None]]) -> None:
    watched.loop.belongs(name)
    await work()


async def _blocks() -> None:
    time.sleep(0.6)  # noqa: ASYNC251 - the mistake on trial


async def _in_a_task_of_its_own() -> None:
    await asyncio.create_task(_blocks())


@pytest.mark.parametrize("work", [_blocks, _in_a_task_of_its_own])
async def test_a_blockage_is_reported_with_its_owner_its_line_and_its_length(
    watched: _Watched, work: Callable[[], Awaitable[None]]
) -> None:
    """Also when it is a task that the owner's task has created."""
    done = watched.loop.submit(_as(watched, "build", work))
    seen = await watched.until_blocked()
    await asyncio.wrap_future(done)
    # What is reported at the end of a round is there once another one has begun.
    await asyncio.wrap_future(watched.loop.submit(asyncio.sleep(0)))

    (reported, seconds), *others = watched.reported
    assert (seen.owner, reported.owner, others) == ("build", "build", [])
    assert "test_watched_loop.py:" in reported.where
    assert seconds >= 0.6


async def test_no_deadline_passes_while_the_loop_is_blocked(watched: _Watched) -> None:
    """Whoever waits there goes on later, and nothing else."""

    async def ends() -> float:
        async with asyncio.timeout(0.7):
            await asyncio.sleep(0.6)
        return time.monotonic()

    begun = time.monotonic()
    waiting = watched.loop.submit(ends())
    watched.loop.submit(_blocks())
    watched.loop.submit(_blocks())

    assert await asyncio.wrap_future(waiting) - begun >= 0.6 + 2 * (0.6 - NOTICED) - 0.01


async def test_what_awaits_blocks_nothing(watched: _Watched) -> None:
    """However long it takes."""
    await asyncio.wrap_future(watched.loop.submit(_as(watched, "polite", lambda: asyncio.sleep(0.6))))

    assert watched.reported == []


async def test_a_busy_thread_that_is_abandoned_ends() -> None:
    """Even where no ordinary exception ends its code."""
    watched = _Watched()

    async def spins() -> None:
        while True:
            try:
                time.monotonic()
            except Exception:  # noqa: BLE001, S112 - the mistake on trial
                continue

    watched.loop.submit(spins())
    await watched.until_blocked()
    watched.loop.abandon()

    assert await asyncio.to_thread(watched.loop.join, WITHIN)
    # Of no more use to anybody: outside of tests the process ends with it.
    watched.loop._loop.close()
