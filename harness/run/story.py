"""One run as a page for a person: verdict, findings, outcome, and what happened when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from harness.events import Event
from harness.evidence.event_json import describe
from harness.files.printable import without_commands
from harness.files.wording import cut
from harness.results import Result
from harness.verdict import Finding

LONGEST = 20_000
"""How many characters of an event or of a finding's detail are shown. The run folder has all of it."""

LONGEST_VALUE = 2_000
"""How many characters of a result, a failure or a title are shown."""

# What is shown of a history event beside its type; the history has the rest.
_SHOWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "ActivityTaskScheduled": lambda a: a.get("activityType", {}).get("name", ""),
    "TimerStarted": lambda a: a.get("startToFireTimeout", ""),
    "WorkflowExecutionSignaled": lambda a: a.get("signalName", ""),
    "StartChildWorkflowExecutionInitiated": lambda a: a.get("workflowId", ""),
    "WorkflowTaskFailed": lambda a: a.get("failure", {}).get("message", ""),
}


def story(result: Result) -> str:
    """Return the story as Markdown: verdict, findings, and one timeline of everything."""
    evidence = result.evidence
    lines = [f"# {result.name}: {result.verdict}", "", f"Seed {evidence.seed}. Repeat it with", ""]
    lines += [f"    {result.repeat}", ""]
    findings = [_finding(finding) for finding in result.findings]
    lines += ["## Findings", "", *findings] if findings else ["No findings.", ""]
    ending = evidence.outcome
    lines += ["## Outcome", "", f"Status {ending.status}."]
    lines += (
        [f"Failure: {_line(str(ending.failure))}"] if ending.failure else [f"Result: `{_line(repr(ending.result))}`"]
    )
    lines += ["", "## Timeline", "", "Milliseconds since the start, where, what.", ""]
    moments = [(event.at, _lane(event), _line(describe(event), LONGEST)) for event in evidence.events]
    for history in evidence.histories:
        for one in history.events:
            shown = _SHOWN[one.type](one.attributes) if one.type in _SHOWN else ""
            moments.append((one.at, "history", _line(f"{one.id} {one.type} {shown}")))
    start = evidence.events[0].at
    for at, lane, what in sorted(moments, key=lambda moment: moment[0]):
        lines.append(f"    {(at - start) / timedelta(milliseconds=1):9.1f}  {lane:<9} {what}")
    return "\n".join(lines) + "\n"


def _line(text: str, longest: int = LONGEST_VALUE) -> str:
    """Text of the application on one line, so that a newline in it does not begin a heading."""
    return without_commands(" ".join(cut(text, longest).split()))


def _finding(finding: Finding) -> str:
    detail = "".join(f"\n      {line}" for line in without_commands(cut(finding.detail, LONGEST)).splitlines())
    return f"- **{finding.verdict}** {finding.oracle}: {_line(finding.title)}{detail}\n"


def _lane(event: Event) -> str:
    service = getattr(event, "service", None) or str(getattr(event, "call", "") or "").partition(".")[0]
    if service:
        return service
    if hasattr(event, "fault"):
        return "fault"
    return "worker" if hasattr(event, "worker") or hasattr(event, "activity") else "run"
