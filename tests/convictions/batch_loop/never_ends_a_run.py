"""Never continues as new, since the loop is a loop: its history grows with every batch."""

from __future__ import annotations

from temporalio import workflow

from scenarios.batch_loop.workflow import Loop, ProcessForEver

TRIED_WITH = ["batch_loop/all_well"]
CONVICTED_BY = "history_bounded"


@workflow.defn(name="ProcessForEver")
class NeverEndsARun(ProcessForEver):
    """Forgets that there is a limit."""

    @workflow.run
    async def run(self, loop: Loop) -> Loop:
        """Process batches."""
        return await super().run(loop)

    def _over(self, loop: Loop, *, of_this_run: int) -> str:
        return ""
