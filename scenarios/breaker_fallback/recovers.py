"""The service comes back: after a minute there is a trial call, and one success closes the breaker."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from harness import FirstCalls, FromCall, HttpError, Outcome, Window
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.all_well import FAILED, SPARED, WELL

# Request 5 comes 55 s after the last failure, so that a busy machine has 5 s for what lies between; request 6 comes
# after 61 s. Four failures then open nothing.
scenario = replace(
    all_well.scenario,
    given=all_well.requests(12, {5: 55, 6: 6}),
    faults=[
        HttpError(on=Primary.ask, when=FirstCalls(n=5)),
        HttpError(on=Primary.ask, when=Window(opens=FromCall(n=7), closes=FromCall(n=11))),
    ],
    expects=[Outcome(), all_well.asked(*[FAILED] * 5, SPARED, WELL, *[FAILED] * 4, WELL)],
    claims=["CBF-004", "CBF-005", "CBF-006"],
)
