"""The refund is answered too late at first: the caller waits no longer than it said, and the money is back once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import EffectsInOrder, FirstCalls, HttpError, LateReply, NoOrphans, Outcome, Recorded
from scenarios.worker_loss import all_well, answers_fail_at_first

scenario = replace(
    all_well.scenario,
    workers=None,
    given=answers_fail_at_first.scenario.given,
    faults=[
        HttpError(on=Parcels.book, status=409),
        # A caller that waits for longer than it may gets its answer.
        LateReply(on=Payments.refund, patience=timedelta(seconds=4), when=FirstCalls(n=1)),
    ],
    expects=[
        Outcome(result={"success": False}),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        EffectsInOrder(operations=[Payments.charge, Payments.refund]),
        NoOrphans(),
    ],
)
