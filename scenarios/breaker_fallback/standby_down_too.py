"""Both are down: the standby is tried three times, and the workflow fails with its error."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from fakes.standby import Standby
from harness import HttpError, Outcome, Status
from scenarios.breaker_fallback import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Primary.ask), HttpError(on=Standby.ask)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        all_well.asked((1, 3)),
    ],
    claims=["CBF-002"],
)
