"""Continues as new without saying how far it came: the next run makes the first batches again, and never the last."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.batch_loop.activities import Batch, LoopActivities

from scenarios.batch_loop.workflow import Loop, ProcessForEver

TRIED_WITH = ["batch_loop/service_away", "batch_loop/renewed_for_its_age"]
CONVICTED_BY = "no_item_lost"


@workflow.defn(name="ProcessForEver")
class BeginsAgainWithEachRun(ProcessForEver):
    """Counts batches in a variable of the run."""

    @workflow.run
    async def run(self, loop: Loop) -> Loop:
        """Process batches."""
        of_this_run = 0
        while loop.ends_after is None or loop.done + of_this_run < loop.ends_after:
            batch = Batch(loop=workflow.info().workflow_id, number=of_this_run, answer_within=loop.answer_within)
            await workflow.execute_activity_method(
                LoopActivities.process_batch, batch, start_to_close_timeout=2 * loop.answer_within
            )
            of_this_run += 1
            if self._over(loop, of_this_run=of_this_run):
                workflow.continue_as_new(Loop(**vars(loop) | {"done": loop.done + of_this_run, "run": loop.run + 1}))
            await workflow.sleep(loop.pause)
        return loop
