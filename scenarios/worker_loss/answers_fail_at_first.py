"""The charge is answered too late, shipping too, then with 429 and 500: both are tried again, and done once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import AtMostOnce, Attempts, EffectsInOrder, FirstCalls, HttpError, LateReply, NthCall, Outcome, Recorded
from scenarios.worker_loss import all_well
from scenarios.worker_loss.workflow import Order

scenario = replace(
    all_well.scenario,
    given=Order(
        cents=4200,
        patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=1), attempt_within=timedelta(seconds=20)),
    ),
    workers=None,
    faults=[
        # A caller that waits for longer than it may gets its answer.
        LateReply(on=Payments.charge, patience=timedelta(seconds=4), when=FirstCalls(n=1)),
        LateReply(on=Parcels.book, patience=timedelta(seconds=4), when=NthCall(n=1)),
        HttpError(on=Parcels.book, status=429, when=NthCall(n=2)),
        HttpError(on=Parcels.book, status=500, when=NthCall(n=3)),
    ],
    expects=[
        Outcome(result={"success": True, "error": ""}),
        Recorded(event="ActivityTaskStarted", having={"attempt": 1}, count=0),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 4, "lastFailure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
        Attempts(of=Parcels.book, count=4),
        AtMostOnce(of=Parcels.book, per="trip"),
        AtMostOnce(of=Payments.charge, per="order"),
        EffectsInOrder(operations=[Payments.charge, Parcels.book]),
    ],
)
