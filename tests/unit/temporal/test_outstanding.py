"""What a workflow still has before it."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from temporalio.api.history.v1 import HistoryEvent

from harness.temporal.outstanding import Outstanding

ASKED = ("startChildWorkflowExecutionInitiated", {"workflowId": "child"})
BEGUN: tuple[str, dict[str, Any]] = ("workflowTaskCompleted", {})


def after(*events: tuple[str, dict[str, Any]]) -> Outstanding:
    """What is outstanding after these events, numbered from 1."""
    seen = Outstanding()
    for number, (name, attributes) in enumerate(events, 1):
        seen.see(ParseDict({"eventId": number, f"{name}EventAttributes": attributes}, HistoryEvent()))
    return seen


@pytest.mark.parametrize(
    ("begins", "ends", "waits"),
    [
        (
            ("activityTaskScheduled", {"activityId": "pay"}),
            ("activityTaskCompleted", {"scheduledEventId": 1}),
            "activity pay",
        ),
        (
            ("activityTaskScheduled", {"activityId": "pay"}),
            ("activityTaskCanceled", {"scheduledEventId": 1}),
            "activity pay",
        ),
        (("timerStarted", {"timerId": "7"}), ("timerFired", {"startedEventId": 1}), "timer 7"),
        (
            ASKED,
            ("childWorkflowExecutionStarted", {"initiatedEventId": 1}),
            "the start of child workflow child",
        ),
        (("workflowTaskScheduled", {}), BEGUN, "a workflow task"),
        (
            ("signalExternalWorkflowExecutionInitiated", {"workflowExecution": {"workflowId": "other"}}),
            ("externalWorkflowExecutionSignaled", {"initiatedEventId": 1}),
            "a message to other",
        ),
    ],
)
def test_a_workflow_rests_once_what_it_has_begun_has_ended(begins: Any, ends: Any, waits: str) -> None:
    """It says what it waits for until then."""
    assert not after(begins).rests
    assert str(after(begins)) == waits
    assert after(begins, ends).rests
    assert str(after(begins, ends)) == "a signal or a condition in its own code"


def test_a_workflow_task_that_has_failed_is_tried_again() -> None:
    """The server records the next attempt when that has ended."""
    assert not after(("workflowTaskScheduled", {}), ("workflowTaskFailed", {})).rests


def test_a_closed_workflow_rests_and_says_how_it_goes_on() -> None:
    """Whatever it has begun."""
    closed = after(
        ("activityTaskScheduled", {"activityId": "pay"}),
        ("workflowExecutionContinuedAsNew", {"newExecutionRunId": "run-2"}),
    )

    assert (closed.rests, closed.closed, closed.next_run) == (True, True, "run-2")


def test_a_child_that_could_not_be_started_is_none() -> None:
    """Its id is taken, for instance."""
    assert after(ASKED).children == ["child"]
    assert after(ASKED, ("startChildWorkflowExecutionFailed", {"initiatedEventId": 1})).children == []
