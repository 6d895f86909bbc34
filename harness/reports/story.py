"""Tells one run as a page that a stranger can read: what held, what did not, and what happened when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from harness.events import Event, describe
from harness.evidence import Evidence
from harness.verdict import Finding, Verdict

# What each history event says beside its type; the rest is in the history itself.
_TOLD: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "ActivityTaskScheduled": lambda a: a.get("activityType", {}).get("name", ""),
    "TimerStarted": lambda a: a.get("startToFireTimeout", ""),
    "WorkflowExecutionSignaled": lambda a: a.get("signalName", ""),
    "StartChildWorkflowExecutionInitiated": lambda a: a.get("workflowId", ""),
    "WorkflowTaskFailed": lambda a: a.get("failure", {}).get("message", ""),
}


def tell(evidence: Evidence, *, verdict: Verdict, findings: Sequence[Finding]) -> str:
    """Return the story as Markdown: verdict, findings, and one timeline of everything."""
    lines = [f"# {evidence.scenario}: {verdict}", "", f"Seed {evidence.seed}. Repeat it with", ""]
    lines += [f"    harness run {evidence.scenario} --seed {evidence.seed}", ""]
    lines += ["## Findings", "", *(_finding(finding) for finding in findings)] if findings else ["Nothing found.", ""]
    ending = evidence.outcome
    lines += ["## Outcome", "", f"Status {ending.status}."]
    lines += [f"Failure: {ending.failure}"] if ending.failure else [f"Result: `{ending.result!r}`"]
    lines += ["", "## Timeline", "", "Milliseconds since the start, who, what.", ""]
    moments = [(event.at, _lane(event), describe(event)) for event in evidence.events]
    for history in evidence.histories:
        for one in history.events:
            told = _TOLD[one.type](one.attributes) if one.type in _TOLD else ""
            moments.append((one.at, "history", " ".join(f"{one.id} {one.type} {told}".split())))
    start = evidence.events[0].at if evidence.events else datetime.now().astimezone()
    for at, lane, what in sorted(moments, key=lambda moment: moment[0]):
        lines.append(f"    {(at - start) / timedelta(milliseconds=1):9.1f}  {lane:<9} {what}")
    return "\n".join(lines) + "\n"


def _finding(finding: Finding) -> str:
    detail = "".join(f"\n      {line}" for line in finding.detail.splitlines())
    return f"- **{finding.verdict}** {finding.oracle}: {finding.title}{detail}\n"


def _lane(event: Event) -> str:
    service = getattr(event, "service", None) or str(getattr(event, "call", "") or "").partition(".")[0]
    return service or ("fault" if hasattr(event, "fault") else "run")
