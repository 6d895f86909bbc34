"""The charge is declined in nothing but words: that is a decline all the same, asked for once."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, HttpError, Outcome
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=402, body="insufficient funds")],
    expects=[
        Outcome(result={"success": False, "reason": "insufficient_funds", "notified": True}),
        Attempts(of=Payments.charge, count=1),
    ],
    claims=(),
)
