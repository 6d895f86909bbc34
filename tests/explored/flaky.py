"""A report that is filed with a service that fails by itself at first, and by an application that never gives up."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from harness import Target

WITHIN = timedelta(seconds=9)
TRIES = RetryPolicy(maximum_attempts=4)


@activity.defn
async def file(report: str) -> str:
    """Fail at the first attempt."""
    if activity.info().attempt == 1:
        raise ConnectionError("try again")
    return f"filed {report}"


@activity.defn
async def sign(report: str) -> str:
    """Sign it."""
    return f"signed {report}"


@workflow.defn
class Report:
    """Files a report, and signs it."""

    @workflow.run
    async def run(self, report: str) -> str:
        """Bug: what is refused permanently is tried again and again."""
        await workflow.execute_activity(file, report, start_to_close_timeout=WITHIN, retry_policy=TRIES)
        while True:
            try:
                return await workflow.execute_activity(sign, report, start_to_close_timeout=WITHIN, retry_policy=TRIES)
            except ActivityError:
                await workflow.sleep(timedelta(seconds=1))


target = Target(
    workflows=[Report],
    activities=[file, sign],
    workflow=Report.run,
    given=str,
    deadline=timedelta(seconds=4),
)
