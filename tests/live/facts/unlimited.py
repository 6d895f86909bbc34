"""A workflow that gives its activity no limit of time."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from tests.live.facts.long import clean_up


@workflow.defn
class Unlimited:
    """Sets none."""

    @workflow.run
    async def run(self) -> None:
        """Run the activity."""
        await workflow.execute_activity(clean_up)
