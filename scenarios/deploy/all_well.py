"""Nothing is deployed: the invoice is posted, approved and printed."""

from __future__ import annotations

from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Application, EffectsInOrder, LiveRun, NoItemLost, Outcome, Recorded, Scenario, StartOptions
from scenarios.deploy.activities import invoice_activities
from scenarios.deploy.workflow import SendInvoice


def version(workflow: type) -> Application:
    """Return the application with this version of its workflow."""
    return Application(workflows=[workflow], activities=invoice_activities)


async def drive(run: LiveRun) -> None:
    """Approve the invoice once it is posted."""
    await run.until("ActivityTaskCompleted")
    await run.handle.signal(SendInvoice.approve)


scenario = Scenario(
    application=version(SendInvoice),
    workflow=SendInvoice.run,
    given="2026-117",
    uses=[Bookkeeping],
    # From the second failing attempt on, a task that fails is not reported and runs into this timeout, 10 s by default.
    start=StartOptions(task_timeout=timedelta(seconds=1)),
    drive=drive,
    expects=[
        Outcome(result=["posted", "printed"]),
        EffectsInOrder(operations=[Bookkeeping.post, Bookkeeping.print]),
        NoItemLost(of=Bookkeeping.post, per="month", items=["2026-117"]),
        NoItemLost(of=Bookkeeping.print, per="month", items=["2026-117"]),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"},
            },
            count=2,
        ),
    ],
)
