"""The service comes back when the workflow has continued as new: the next run knows since when it is spared."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from harness import FirstCalls, HttpError, Outcome, Recorded
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.all_well import FAILED, SPARED, WELL

# The sixth request is the first of the second run, the seventh comes 61 s after the last failure.
scenario = replace(
    all_well.scenario,
    given=replace(all_well.requests(8, {6: 61}), per_run=5),
    faults=[HttpError(on=Primary.ask, when=FirstCalls(n=5))],
    expects=[
        Outcome(),
        all_well.asked(*[FAILED] * 5, SPARED, WELL, WELL),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=1),
    ],
    claims=(),
)
