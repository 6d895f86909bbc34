"""Nothing fails, but one item takes longer than the others: each that ends makes place for the next."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.items import Items
from harness import (
    Application,
    ChildrenAccountedFor,
    ConcurrencyKept,
    LiveRun,
    Outcome,
    Scenario,
    WindowKept,
)
from scenarios.fan_out.activities import item_activities
from scenarios.fan_out.workflow import Batch, ProcessAll
from scenarios.fan_out.workflows.hand_over import HandOver
from scenarios.fan_out.workflows.item import Patience, ProcessItem

# Production's policy scaled down in its waits.
IMPATIENT = Patience(
    answer_within=timedelta(seconds=10),
    attempt_within=timedelta(seconds=15),
    first_wait=timedelta(milliseconds=20),
)

ITEMS = 5
AT_ONCE = 3


async def drive(run: LiveRun) -> None:
    """Serve the first call only when the others of its window have ended, and the workflow has acted on that."""
    async with run.holding(Items.process):
        ended = await run.until("ChildWorkflowExecutionCompleted", nth=AT_ONCE - 1)
        nth, acted = 1, await run.until("WorkflowTaskCompleted")
        while acted.id < ended.id:
            nth += 1
            acted = await run.until("WorkflowTaskCompleted", nth=nth)


scenario = Scenario(
    application=Application(
        workflows=[ProcessAll, HandOver, ProcessItem],
        activities=item_activities,
        data_converter=pydantic_data_converter,
    ),
    workflow=ProcessAll.run,
    given=Batch(items=list(range(ITEMS)), at_once=AT_ONCE, patience=IMPATIENT),
    uses=[Items],
    drive=drive,
    expects=[
        Outcome(result={"total": ITEMS, "successful": ITEMS, "failed": 0, "failures": []}),
        ChildrenAccountedFor(of=Items.process, items=range(ITEMS)),
        WindowKept(at_once=AT_ONCE),
        ConcurrencyKept(of=Items.process, limit=AT_ONCE),
    ],
    claims=["CHW-010"],
)
