"""What a run has in which no kind of fault is injected: it is named, so that nobody takes it for tried."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from harness.evidence.history import History, payloads

READS = frozenset(
    """
    get list read fetch find load look lookup check validate verify query search count is has can compute calculate
    estimate parse render format describe summarize
    """.split()  # noqa: SIM905 - one word a line would be a page
)
"""First words of the names of activities that only read."""


def not_tried(histories: Iterable[History], workflows: Collection[str]) -> Iterator[str]:
    """Yield what no fault is injected at, one sentence each.

    Args:
        histories: Of the run without any fault.
        workflows: The types of the target's workflows; "*" for a dynamic one.
    """
    for history in histories:
        answered = {
            str(event.attributes.get("acceptedEventId"))
            for event in history.of_type("WorkflowExecutionUpdateCompleted")
        }
        for event in history.events:
            if event.type == "WorkflowExecutionUpdateAccepted" and str(event.id) in answered:
                continue
            what = _what(event.type, event.attributes, workflows)
            if what:
                yield what


def _what(  # noqa: PLR0911 - one for each
    kind: str, given: Mapping[str, Any], workflows: Collection[str]
) -> str:
    """What an event says of something in which no fault is injected; "" for nothing."""
    if kind == "NexusOperationScheduled":
        name = f"{given.get('service', '')}.{given.get('operation', '')}"
        return f"the Nexus operation {name}: no fault is injected at Nexus operations."
    if kind == "WorkflowExecutionUpdateAccepted":
        name = given.get("acceptedRequest", {}).get("input", {}).get("name", "")
        return f"the answer of the update {name}: it was accepted and never answered."
    if kind == "StartChildWorkflowExecutionInitiated":
        child = str(given.get("workflowType", {}).get("name", ""))
        if child in workflows or "*" in workflows:
            return ""
        return f"the child workflow {child} from inside: it is started by name, and the target has no such workflow."
    if kind in {"SignalExternalWorkflowExecutionInitiated", "RequestCancelExternalWorkflowExecutionInitiated"}:
        to = given.get("workflowExecution", {}).get("workflowId", "")
        request = "signal" if kind.startswith("Signal") else "request to cancel"
        return f"a {request} from one workflow to another ({_plain(str(to))}): no fault is injected there."
    if kind == "WorkflowExecutionStarted":
        fields = given.get("searchAttributes", {}).get("indexedFields", {})
        if "TemporalScheduledById" in fields:
            [schedule] = payloads({"payloads": [fields["TemporalScheduledById"]]})
            return f"the schedule {_plain(str(schedule))}: late, skipped and overlapping starts are not injected."
    return ""


def _plain(workflow_id: str) -> str:
    """An id without its run id, which differs each time."""
    return re.sub(r"[0-9a-f]{6}-\d{5}", "TOKEN", workflow_id)


def looks_like_an_effect(activity: str) -> bool:
    """Whether an activity may do something outside, by its name."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", activity)
    return not words or words[0].lower() not in READS


def effects_unjudged(activities: Iterable[str]) -> str:
    """Return the remark on a target without any invariant.

    Args:
        activities: The types of its activities that are not known to read only.
    """
    found = sorted(one for one in activities if looks_like_an_effect(one))
    if not found:
        return "no invariant about effects was judged"
    return (
        f"no invariant about effects was judged, and {', '.join(found)} "
        f"look{'s' if len(found) == 1 else ''} as if {'it' if len(found) == 1 else 'they'} had some: declare "
        "at_most_once, undone_on_failure or a `world` in a target file"
    )
