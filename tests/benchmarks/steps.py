"""What `tests/benchmarks/replay.py` replays."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow


@workflow.defn
class Steps:
    """So many activities, one after the other."""

    @workflow.run
    async def run(self, count: int) -> int:
        """Count them."""
        for number in range(count):
            await workflow.execute_activity("step", number, start_to_close_timeout=timedelta(minutes=1))
        return count


@activity.defn(name="step")
async def step(_number: int) -> None:
    """Nothing."""
