"""An expense that is approved by one signal and paid on another, with a bug that only a repeated signal brings out."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from temporalio import activity, workflow

_numbers = count(1)


@activity.defn
async def pay(expense: str) -> str:
    """Pay it, each time anew."""
    return f"{expense} paid, number {next(_numbers)}"


@workflow.defn
class Expense:
    """Waits for its approvals, and pays for each."""

    def __init__(self) -> None:
        self._approved = 0
        self._closed = False

    @workflow.signal
    def approve(self) -> None:
        """It may be paid."""
        # Bug: counts what it should only note.
        self._approved += 1

    @workflow.signal
    def close(self) -> None:
        """There is nothing more to wait for."""
        self._closed = True

    @workflow.run
    async def run(self, expense: str) -> int:
        """Wait, then pay."""
        await workflow.wait_condition(lambda: self._closed and self._approved > 0)
        for _ in range(self._approved):
            await workflow.execute_activity(pay, expense, start_to_close_timeout=timedelta(seconds=10))
        return self._approved
