"""The service comes back: it is spared for 59 s, tried after 61 s, and one success is enough."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from harness import FirstCalls, FromCall, HttpError, Outcome, Window
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.all_well import FAILED, SPARED, WELL

# Request 5 comes 59 s after the last failure, request 6 two seconds later; four failures then open nothing.
scenario = replace(
    all_well.scenario,
    given=all_well.requests(12, {5: 59, 6: 2}),
    faults=[
        HttpError(on=Primary.ask, when=FirstCalls(n=5)),
        HttpError(on=Primary.ask, when=Window(opens=FromCall(n=7), closes=FromCall(n=11))),
    ],
    expects=[Outcome(), all_well.asked(*[FAILED] * 5, SPARED, WELL, *[FAILED] * 4, WELL)],
    claims=["CBF-004", "CBF-005", "CBF-006"],
)
