"""The parcel is refused, and so is the refund: it is asked for once, and the order fails with that refusal."""

from __future__ import annotations

from dataclasses import replace

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, Outcome, Recorded, Status
from scenarios.worker_loss import all_well

scenario = replace(
    all_well.scenario,
    workers=None,
    faults=[HttpError(on=Parcels.book, status=400), HttpError(on=Payments.refund, status=400)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Declined")),
        Recorded(
            event="WorkflowExecutionFailed",
            having={"failure": {"activityFailureInfo": {"activityType": {"name": "refund"}}}},
            count=1,
        ),
        Attempts(of=Parcels.book, count=1),
        Attempts(of=Payments.refund, count=1),
        EffectsInOrder(operations=[Payments.charge]),
    ],
)
