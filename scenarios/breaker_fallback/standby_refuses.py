"""The service is down and its standby refuses with 422: it is not asked again, and the workflow fails."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from fakes.standby import Standby
from harness import HttpError, Outcome, Status
from scenarios.breaker_fallback import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Primary.ask), HttpError(on=Standby.ask, status=422)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        all_well.asked((1, 1)),
    ],
    claims=(),
)
