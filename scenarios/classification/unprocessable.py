"""The service answers 422: the order's data are invalid, as with 400, and one call is made."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, HttpError, Outcome
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=422)],
    expects=[Outcome(result={"success": False, "reason": "invalid_data"}), Attempts(of=Payments.charge, count=1)],
    claims=(),
)
