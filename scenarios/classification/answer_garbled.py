"""The charge is made, and its answer cannot be read: it is asked for again under the same key, and made once."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import AtMostOnce, Attempts, FirstCalls, GarbledBody, Outcome, Recorded
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[GarbledBody(on=Payments.charge, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True, "transaction_id": "charge_o1"}),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 2, "lastFailure": {"applicationFailureInfo": {"type": "UnreadableAnswer"}}},
            count=1,
        ),
        Attempts(of=Payments.charge, count=2),
        AtMostOnce(of=Payments.charge, per="order"),
    ],
    claims=(),
)
