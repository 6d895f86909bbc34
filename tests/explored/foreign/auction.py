"""A lot at an auction: bids and its close are updates, remarks are signals; every one of them is written down."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

AGAIN = RetryPolicy(initial_interval=timedelta(milliseconds=20))
WRITTEN: dict[str, list[str]] = {}


@activity.defn
async def write_down(lot: str, line: str) -> None:
    """Write a line into the book, once."""
    lines = WRITTEN.setdefault(lot, [])
    if line not in lines:
        lines.append(line)


class Lot:
    """What both lots have in common."""

    def __init__(self) -> None:
        self.highest = 0
        self.closed = False

    async def write(self, line: str, policy: RetryPolicy = AGAIN) -> None:
        """Have a line written down; by default however long that takes."""
        await workflow.execute_activity(
            write_down,
            args=[workflow.info().workflow_id, line],
            start_to_close_timeout=timedelta(seconds=5),
            retry_policy=policy,
        )


@workflow.defn
class SellLot(Lot):
    """Ends when it is closed and every handler has ended."""

    @workflow.run
    async def run(self) -> int:
        """Return the highest bid."""
        await workflow.wait_condition(lambda: self.closed and workflow.all_handlers_finished())
        return self.highest

    @workflow.update
    async def bid(self, amount: int) -> int:
        """Take a bid, and return the highest one."""
        self.highest = max(self.highest, amount)
        await self.write(f"bid {amount}")
        return self.highest

    @bid.validator
    def is_higher(self, amount: int) -> None:
        """Refuse a bid that comes too late or is too low."""
        if self.closed or amount <= self.highest:
            raise ValueError(f"{amount} is not above {self.highest}, or the lot is closed")

    @workflow.signal
    async def remark(self, text: str) -> None:
        """Write a remark down."""
        await self.write(f"remark {text}")

    @workflow.update
    def close(self) -> int:
        """Close the lot, and return the highest bid."""
        self.closed = True
        return self.highest


@workflow.defn
class SellLotOnePen(Lot):
    """Tries to write each remark once, and forgets it when that fails."""

    @workflow.run
    async def run(self) -> int:
        """Return the highest bid."""
        await workflow.wait_condition(lambda: self.closed and workflow.all_handlers_finished())
        return self.highest

    @workflow.update
    async def bid(self, amount: int) -> int:
        """Take a bid, and return the highest one."""
        self.highest = max(self.highest, amount)
        await self.write(f"bid {amount}")
        return self.highest

    @workflow.signal
    async def remark(self, text: str) -> None:
        """Write a remark down, if it can be written at once."""
        with suppress(ActivityError):
            await self.write(f"remark {text}", RetryPolicy(maximum_attempts=1))

    @workflow.update
    def close(self) -> int:
        """Close the lot, and return the highest bid."""
        self.closed = True
        return self.highest
