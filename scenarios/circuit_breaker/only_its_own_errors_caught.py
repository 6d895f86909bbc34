"""As guides print it, the workflow ends with the first call that fails: its breaker can never open."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, FromCall, HttpError, Outcome, Status
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker._catches_too_little import CatchesTooLittle

scenario = replace(
    all_well.scenario,
    application=replace(all_well.scenario.application, workflows=[CatchesTooLittle]),
    workflow=CatchesTooLittle.run,
    faults=[HttpError(on=Payments.charge, when=FromCall(n=2))],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Attempts(of=Payments.charge, count=2),
    ],
    claims=["CB-006"],
)
