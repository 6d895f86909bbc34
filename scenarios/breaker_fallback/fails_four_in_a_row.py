"""The service fails four times, answers once, and fails four times again: the breaker never opens."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from harness import FirstCalls, FromCall, HttpError, Outcome, Window
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.all_well import FAILED, WELL

scenario = replace(
    all_well.scenario,
    given=all_well.requests(10),
    faults=[
        HttpError(on=Primary.ask, when=FirstCalls(n=4)),
        HttpError(on=Primary.ask, when=Window(opens=FromCall(n=6), closes=FromCall(n=10))),
    ],
    expects=[Outcome(), all_well.asked(*[*[FAILED] * 4, WELL] * 2)],
    claims=["CBF-003"],
)
