"""A shared limiter that is closed while three wait continues as new twice: they get theirs in turn, and it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from harness import Evidence, Finding, Outcome, Recorded, broken
from scenarios.rate_limits import shared_by_three
from scenarios.rate_limits.limiters.shared import Shared, Ticket
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.shared_by_three import PER

WAITING = [Ticket(workflow_id=f"gone-{number}", number=str(number)) for number in range(3)]


@dataclass(frozen=True, kw_only=True)
class GivenTo:
    """Permissions are sent to these workflows, in this order.

    Attributes:
        workflow_ids: Whose turn it is, one after the other.
    """

    workflow_ids: Sequence[str]

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with the signals that the limiter sent, over all its runs."""
        sent = [
            event.attributes["workflowExecution"]["workflowId"]
            for history in evidence.runs
            for event in history.of_type("SignalExternalWorkflowExecutionInitiated")
        ]
        if sent != list(self.workflow_ids):
            yield broken(self, f"permissions were sent to {sent}, expected {list(self.workflow_ids)}.")


scenario = replace(
    shared_by_three.scenario,
    # The clients have gone: the limiter must do without them.
    given=Shared(
        limiter=SlidingWindow(limit=6, per=PER, reach=timedelta(minutes=1)),
        per_run=1,
        waiting=WAITING,
        closing=True,
    ),
    drive=None,
    deadline=timedelta(seconds=30),
    expects=[
        Outcome(result=3),
        GivenTo(workflow_ids=[one.workflow_id for one in WAITING]),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=2),
        Recorded(event="SignalExternalWorkflowExecutionFailed", count=3),
    ],
    claims=[],
)
