"""Whether the histories of a run are whole: what is missing from kept evidence could hide what it should show."""

from __future__ import annotations

from collections.abc import Iterator

from harness.events import WorkflowClosed, WorkflowStarted
from harness.evidence.evidence import Evidence
from harness.evidence.history import History, Status

CHILD_CLOSED = frozenset(
    f"ChildWorkflowExecution{status}" for status in Status if status not in {Status.RUNNING, Status.CONTINUED_AS_NEW}
)
"""The events by which a parent records that a child has closed."""


def missing(evidence: Evidence) -> Iterator[str]:
    """Yield what is missing from the histories: events within one, its end, a run of a chain, or the run of a child."""
    kept = {one.run_id for one in evidence.histories}
    last = {one.workflow_id: one for one in evidence.histories}
    for history in evidence.histories:
        yield from _gaps(history)
        yield from _unkept(history, kept)
    for started in evidence.of(WorkflowStarted):
        if started.run_id not in kept:
            yield f"no history of run {started.run_id} of {started.workflow_id}, which the run started"
    for workflow_id in dict.fromkeys(_closed(evidence)):
        if workflow_id in last and last[workflow_id].outcome.status is Status.RUNNING:
            yield f"the history of {workflow_id} has no close event, although it has closed"


def _gaps(history: History) -> Iterator[str]:
    if not history.events:
        yield f"the history of {history.workflow_id}, run {history.run_id}, has no events"
    for expected, event in enumerate(history.events, start=1):
        if event.id != expected:
            yield f"the history of {history.workflow_id} has event {event.id} where event {expected} belongs"
            return


def _unkept(history: History, kept: set[str]) -> Iterator[str]:
    """Yield the runs that this one names and that are not kept: before it, after it, and of its children."""
    if not history.events:
        return
    before = history.events[0].attributes.get("continuedExecutionRunId")
    after = history.events[-1].attributes.get("newExecutionRunId")
    for run_id, where in ((before, "before"), (after, "after")):
        if run_id and run_id not in kept:
            yield f"no history of run {run_id} of {history.workflow_id}, the one {where} run {history.run_id}"
    for event in history.of_type("ChildWorkflowExecutionStarted"):
        child = event.attributes.get("workflowExecution", {})
        if child.get("runId") not in kept:
            yield f"no history of the child {child.get('workflowId')} of {history.workflow_id}"


def _closed(evidence: Evidence) -> Iterator[str]:
    """Yield the workflows that are known to have closed."""
    for closed in evidence.of(WorkflowClosed):
        yield closed.workflow_id
    for history in evidence.histories:
        for event in history.events:
            if event.type in CHILD_CLOSED:
                yield str(event.attributes.get("workflowExecution", {}).get("workflowId", ""))
