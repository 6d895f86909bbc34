"""Payment and then the release of the goods are declined: the refund is waited for, and the payment is the reason."""

from __future__ import annotations

from dataclasses import replace

from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import Attempts, HttpError, LiveRun, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.parallel import all_well


async def drive(run: LiveRun) -> None:
    """Serve the refund when the workflow has seen that the release was refused."""
    async with run.holding(Payments.refund):
        refused = await run.until("ActivityTaskFailed", nth=2)
        nth, acted = 1, await run.until("WorkflowTaskCompleted")
        while acted.id < refused.id:
            nth += 1
            acted = await run.until("WorkflowTaskCompleted", nth=nth)


scenario = replace(
    all_well.scenario,
    drive=drive,
    faults=[HttpError(on=Payments.charge, status=402), HttpError(on=Inventory.release, status=400)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Recorded(
            event="WorkflowExecutionFailed",
            having={"failure": {"activityFailureInfo": {"activityType": {"name": "process_payment"}}}},
            count=1,
        ),
        Attempts(of=Inventory.release, count=1),
        Attempts(of=Payments.refund, count=1),
        # The refund was waited for.
        Recorded(event="ActivityTaskCompleted", count=3),
        NoOrphans(but=[Inventory.reserve]),
        NothingAfterClose(),
    ],
    claims=(),
)
