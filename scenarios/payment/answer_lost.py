"""The card is charged and the answer is lost: asked again after 5 s under the same key, and charged once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Amplification, AtMostOnce, EffectsInOrder, FirstCalls, LostReply, Outcome, RetrySchedule
from scenarios.payment import all_well

scenario = replace(
    all_well.scenario,
    faults=[LostReply(on=Payments.charge, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True, "transaction_id": "charge_o1"}),
        EffectsInOrder(operations=[Payments.charge]),
        AtMostOnce(of=Payments.charge, per="order"),
        Amplification(of=Payments.charge, per="order", at_most=2),
        RetrySchedule(activity="process_payment", initial=timedelta(seconds=1), asked={1: timedelta(seconds=5)}),
    ],
    claims=["CLS-002", "SAGA-007"],
)
