"""The service is down: after five failures the breaker opens, and the standby is called at once."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from harness import HttpError, Outcome
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.all_well import FAILED, SPARED

scenario = replace(
    all_well.scenario,
    given=all_well.requests(8),
    faults=[HttpError(on=Primary.ask)],
    expects=[Outcome(), all_well.asked(*[FAILED] * 5, *[SPARED] * 3)],
    claims=["CBF-001", "CBF-002"],
)
