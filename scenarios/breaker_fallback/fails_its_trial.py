"""The service fails its trial call: the breaker stays open for another minute, then there is another trial."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from harness import FirstCalls, HttpError, Outcome
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.all_well import FAILED, SPARED, WELL

scenario = replace(
    all_well.scenario,
    given=all_well.requests(11, {5: 61, 7: 55, 8: 6}),
    faults=[HttpError(on=Primary.ask, when=FirstCalls(n=6))],
    expects=[Outcome(), all_well.asked(*[FAILED] * 6, SPARED, SPARED, WELL, WELL, WELL)],
    claims=["CBF-004", "CBF-005"],
)
