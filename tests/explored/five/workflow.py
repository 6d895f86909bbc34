"""Five activities one after the other, with Temporal's default retry policy: what speed is measured with."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow


@activity.defn
async def step(name: str) -> str:
    """Do nothing, and say so."""
    return name


@workflow.defn
class Five:
    """Five steps."""

    @workflow.run
    async def run(self, name: str, steps: int) -> str:
        """Take them."""
        for _ in range(steps):
            await workflow.execute_activity(step, name, start_to_close_timeout=timedelta(seconds=30))
        return name
