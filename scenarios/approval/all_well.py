"""One approval, with a week to decide: it comes once the request waits, and the purchase is paid for."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from temporalio.client import WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import (
    Application,
    Attempts,
    EffectsInOrder,
    LiveRun,
    NoDoubleDecision,
    NoItemLost,
    Outcome,
    Recorded,
    Scenario,
)
from scenarios.approval.activities import Purchase, approval_activities
from scenarios.approval.workflow import ONE, Approve, Decision, Request

# Production's week and policies as they are: nobody waits for their end here.
REQUEST = Request(purchase=Purchase(id="p1", what="a chair", cents=199_00), chain=ONE)

YES = Decision(level="manager", by="Ada", approved=True)
NO = Decision(level="manager", by="Bob", approved=False, reason="too dear")

DECIDED = NoDoubleDecision(of=Payments.charge, levels=["manager"], sent_by=["decide", "tell"])

# Production's limits, spelled out: whoever changes one has to change it here, too.
LIMITS = [
    Recorded(
        event="ActivityTaskScheduled",
        having={"activityType": {"name": "check"}, "startToCloseTimeout": "30s", "scheduleToCloseTimeout": "0s"},
        count=1,
    ),
    Recorded(
        event="ActivityTaskScheduled",
        having={
            "activityType": {"name": "ask"},
            "startToCloseTimeout": "20s",
            "scheduleToCloseTimeout": "604800s",
            "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "3600s"},
        },
        count=1,
    ),
    Recorded(
        event="ActivityTaskScheduled",
        having={
            "activityType": {"name": "pay"},
            "startToCloseTimeout": "20s",
            "scheduleToCloseTimeout": "1800s",
            "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"},
        },
        count=1,
    ),
]


async def ask_for(run: LiveRun, decision: Decision) -> None:
    """Send a decision as an update. Whether it was accepted stands in the history, for the oracles to judge.

    Like any client of updates it asks again, under the same id, when the server says that it could not have it done:
    something else came in while the workflow was about to end, so that its task has to be done again.
    """
    name = str(uuid4())
    with suppress(WorkflowUpdateFailedError):
        while True:
            try:
                await run.handle.execute_update(Approve.decide, decision, id=name)
            except RPCError as error:
                if error.status is RPCStatusCode.FAILED_PRECONDITION:
                    continue
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                # Too late: the request is settled.
            return


async def drive(run: LiveRun) -> None:
    """Approve once somebody was asked."""
    await run.until("ActivityTaskCompleted", nth=2)
    await run.handle.signal(Approve.tell, YES)


scenario = Scenario(
    application=Application(
        workflows=[Approve], activities=approval_activities, data_converter=pydantic_data_converter
    ),
    workflow=Approve.run,
    given=REQUEST,
    uses=[Notifications, Payments],
    drive=drive,
    expects=[
        Outcome(
            result={
                "status": "approved",
                "decisions": {"manager": {"by": "Ada", "approved": True}},
                "asked": ["manager"],
                "charge": "charge_p1",
            }
        ),
        DECIDED,
        *LIMITS,
        Recorded(event="TimerStarted", having={"startToFireTimeout": "604800s"}, count=1),
        Recorded(event="TimerCanceled", count=1),
        Attempts(of=Notifications.send, count=1),
        NoItemLost(of=Payments.charge, per="cents", items=[199_00]),
        EffectsInOrder(operations=[Notifications.send, Payments.charge]),
    ],
    claims=["APR-002"],
)
