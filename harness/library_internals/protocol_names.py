"""The names that Temporal's protocol has: event types, retry states, causes of failing workflow tasks.

Read from the enums of `temporalio.api.enums.v1`, which the SDK ships and does not document.
"""

from __future__ import annotations

from functools import cache

from temporalio.api.enums.v1 import EventType, RetryState, WorkflowTaskFailedCause

from harness.errors import unknown

UNREPORTED = "UNREPORTED"
"""The cause that the harness gives a failing workflow task of which the server recorded none."""


@cache
def event_types() -> frozenset[str]:
    """Return the types of events in a history, such as "ActivityTaskScheduled"."""
    names = (one.removeprefix("EVENT_TYPE_") for one in tuple(EventType.keys()))
    return frozenset("".join(word.capitalize() for word in one.split("_")) for one in names)


@cache
def retry_states() -> frozenset[str]:
    """Return the reasons for no further attempt, such as "TIMEOUT"."""
    return frozenset(one.removeprefix("RETRY_STATE_") for one in tuple(RetryState.keys()))


@cache
def task_failure_causes() -> frozenset[str]:
    """Return the causes of a failing workflow task, such as "NON_DETERMINISTIC_ERROR"."""
    names = (one.removeprefix("WORKFLOW_TASK_FAILED_CAUSE_") for one in tuple(WorkflowTaskFailedCause.keys()))
    return frozenset({*names, UNREPORTED})


def event_type_problem(name: str) -> str:
    """Say that there is no such type of event, one sentence; "" when there is."""
    return "" if name in event_types() else unknown("event type", name, event_types())
