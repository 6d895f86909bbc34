"""The payment service hangs: the caller waits no longer than it said, and the order is charged once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import AtMostOnce, FirstCalls, LateReply, Outcome, Recorded
from scenarios.classification import all_well
from scenarios.classification.workflow import Order

scenario = replace(
    all_well.scenario,
    given=Order(id="o1", answer_within=timedelta(seconds=1)),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Payments.charge, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True, "transaction_id": "charge_o1"}),
        AtMostOnce(of=Payments.charge, per="order"),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
    ],
    claims=(),
)
