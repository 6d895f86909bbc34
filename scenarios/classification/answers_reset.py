"""Four answers are lost to resets: the fifth attempt gets one, 15 s later, and the order is charged once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Amplification, AtMostOnce, FirstCalls, Outcome, Recorded, Reset, RetrySchedule
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[Reset(on=Payments, when=FirstCalls(n=4, of=Payments.charge))],
    expects=[
        Outcome(result={"success": True, "transaction_id": "charge_o1"}),
        # Each of the four calls had committed before its answer was lost.
        AtMostOnce(of=Payments.charge, per="order"),
        RetrySchedule(activity="charge", initial=timedelta(seconds=1)),
        Recorded(event="ActivityTaskStarted", having={"attempt": 5}, count=1),
        Amplification(of=Payments.charge, per="order", at_most=5),
    ],
    claims=["CLS-001", "CLS-002"],
)
