"""Asks for the suggestion without calling it: a method is always true, so that every batch has a run of its own."""

from __future__ import annotations

from temporalio import workflow

from scenarios.batch_loop.workflow import Loop, ProcessForEver

TRIED_WITH = ["batch_loop/renewed_for_its_age"]
CONVICTED_BY = "outcome"


@workflow.defn(name="ProcessForEver")
class TakesTheMethodForItsAnswer(ProcessForEver):
    """Lacks two brackets."""

    @workflow.run
    async def run(self, loop: Loop) -> Loop:
        """Process batches."""
        return await super().run(loop)

    def _over(self, loop: Loop, *, of_this_run: int) -> str:
        suggested: object = workflow.info().is_continue_as_new_suggested
        return "suggested" if suggested else super()._over(loop, of_this_run=of_this_run)
