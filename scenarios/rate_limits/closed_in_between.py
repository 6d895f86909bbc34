"""A shared limiter that is closed while three still wait continues as new twice: they get theirs, and then it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import Outcome, Recorded
from scenarios.rate_limits import shared_by_three
from scenarios.rate_limits.limiters.shared import Shared, Ticket
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.shared_by_three import PER

scenario = replace(
    shared_by_three.scenario,
    # The clients have gone: the limiter must do without them.
    given=Shared(
        limiter=SlidingWindow(limit=6, per=PER, reach=timedelta(minutes=1)),
        per_run=1,
        waiting=[Ticket(workflow_id=f"gone-{number}", number=str(number)) for number in range(3)],
        closing=True,
    ),
    drive=None,
    deadline=timedelta(seconds=30),
    expects=[
        Outcome(result=3),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=2),
        Recorded(event="SignalExternalWorkflowExecutionFailed", count=3),
    ],
    claims=[],
)
