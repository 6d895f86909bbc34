"""One batch of three is refused while the others are under way: they are waited for, and then the workflow fails."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, HttpError, LiveRun, NothingAfterClose, OnlyNthCall, Outcome, Recorded, Status
from scenarios.parallel import all_well, ten_thousand
from scenarios.parallel.workflows.batches import Batches


async def drive(run: LiveRun) -> None:
    """Serve two of them when the workflow has seen that the third failed."""
    async with run.holding_each((Items.process, 1), (Items.process, 2)):
        await run.until("WorkflowTaskCompleted", nth=2)


scenario = replace(
    ten_thousand.scenario,
    # The last batch is not a whole one.
    given=Batches(items=250, max_parallel=3, patience=all_well.IMPATIENT),
    faults=[OnlyNthCall(on=Items.process, n=3, fault=HttpError(on=Items.process, status=400))],
    drive=drive,
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Attempts(of=Items.process, count=3),
        Recorded(event="ActivityTaskCompleted", count=2),
        NothingAfterClose(),
    ],
    claims=(),
)
