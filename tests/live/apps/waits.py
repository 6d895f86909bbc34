"""Workflows that wait, and that tell what they were told of their history."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow


@workflow.defn
class Sleeps:
    """Sleeps for a day, by its own clock."""

    @workflow.run
    async def run(self) -> float:
        """Return how many seconds it has slept."""
        begun = workflow.now()
        await workflow.sleep(timedelta(hours=24))
        return (workflow.now() - begun).total_seconds()


@workflow.defn
class Grows:
    """Makes its history longer, a timer at a time."""

    @workflow.run
    async def run(self, timers: int) -> bool:
        """Return whether it was told to continue as new."""
        for _ in range(timers):
            await workflow.sleep(timedelta(milliseconds=1))
        return workflow.info().is_continue_as_new_suggested()
