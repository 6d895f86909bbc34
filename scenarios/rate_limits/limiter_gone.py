"""There is no limiter of that name: nobody would ever give a permission, so the workflow fails and asks nobody."""

from __future__ import annotations

from dataclasses import replace

from harness import Attempts, Outcome, Recorded, Status
from scenarios.rate_limits import all_well
from scenarios.rate_limits.all_well import QUOTES
from scenarios.rate_limits.workflow import Errand

scenario = replace(
    all_well.scenario,
    given=Errand(requests=all_well.named(1), shared="a limiter that was never started"),
    drive=None,
    expects=[
        Outcome(status=Status.FAILED),
        Recorded(event="SignalExternalWorkflowExecutionFailed", count=1),
        Attempts(of=QUOTES.ask, count=0),
    ],
    claims=[],
)
