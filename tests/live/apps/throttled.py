"""Workflows that ask much at once, tell what their clock says, or wait for a slot as guides print it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from datetime import timedelta

from temporalio import activity, workflow

MINUTE = timedelta(minutes=1)


@workflow.defn
class AsksMuch:
    """Starts many activities at once."""

    @workflow.run
    async def run(self, count: int, queue: str) -> None:
        """Wait for them all."""
        await asyncio.gather(
            *(
                workflow.execute_activity("work", task_queue=queue, schedule_to_close_timeout=MINUTE)
                for _ in range(count)
            )
        )


@workflow.defn
class TellsTheTime:
    """Reads its clock where the guides do: as it is made, and later."""

    def __init__(self) -> None:
        self.made_at = workflow.time_ns()

    @workflow.run
    async def run(self) -> list[int]:
        """Return what the clock said as it was made, twice in its first task, and after a timer."""
        first, second = workflow.time_ns(), workflow.time_ns()
        await workflow.sleep(timedelta(milliseconds=10))
        return [self.made_at, first, second, workflow.time_ns()]


@workflow.defn
class WaitsForASlot:
    """Keeps a window whose entries leave it when they are older than it is, and not when they are just as old."""

    def __init__(self) -> None:
        self.entries: deque[float] = deque()

    @workflow.run
    async def run(self, window: float) -> None:
        """Take two slots of one, at the same moment."""
        await self.wait_for_slot(window)
        await self.wait_for_slot(window)

    async def wait_for_slot(self, window: float) -> None:
        """Go on when there is a slot, so the guides say."""
        with workflow.unsafe.sandbox_unrestricted():
            ends = time.monotonic() + 3  # lest its thread loops for ever
        while True:
            now = workflow.time()
            while self.entries and self.entries[0] < now - window:
                self.entries.popleft()
            if not self.entries:
                self.entries.append(now)
                return
            wait = self.entries[0] + window - now
            if wait > 0:
                await workflow.sleep(wait)
            with workflow.unsafe.sandbox_unrestricted():
                if time.monotonic() > ends:
                    return


class Bench:
    """Does what takes a moment, and knows when it was done, and how much at once."""

    def __init__(self, *, takes: float = 0, until: int = 0) -> None:
        self.takes = takes
        self.until = until
        self.began: list[float] = []
        self.running = self.most = 0
        self.full = asyncio.Event()

    @activity.defn
    async def work(self) -> None:
        """Work: until so many do, and then for as long as it takes."""
        self.began.append(time.monotonic())
        self.running += 1
        self.most = max(self.most, self.running)
        if self.running == self.until:
            self.full.set()
        if self.until:
            await self.full.wait()
        await asyncio.sleep(self.takes)
        self.running -= 1

    @property
    def took(self) -> float:
        """From the first beginning to the last, in seconds."""
        return self.began[-1] - self.began[0]
