"""The service is down while the workflow continues as new: the breaker's state is carried over."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from harness import HttpError, Outcome, Recorded
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.all_well import FAILED, SPARED

scenario = replace(
    all_well.scenario,
    given=replace(all_well.requests(8), per_run=3),
    faults=[HttpError(on=Primary.ask)],
    expects=[
        Outcome(
            result=[
                {"request": str(number), "answer": f"standby on {number}", "source": "fallback", "degraded": True}
                for number in range(8)
            ]
        ),
        all_well.asked(*[FAILED] * 5, *[SPARED] * 3),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=2),
    ],
    claims=["CBF-007"],
)
