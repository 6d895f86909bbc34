"""A workflow's event history as plain data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from harness.errors import UsageError
from harness.evidence.history import Status, payloads, read_event, read_failure, read_history
from tests.unit.builders import closed, completed, failed, failure, history, payload, raw_payload, recorded


@pytest.mark.parametrize(
    ("encoded", "value"),
    [
        (payload({"a": [1, None]}), {"a": [1, None]}),
        (payload(None), None),
        (raw_payload(b"", encoding="binary/null"), None),
        (raw_payload(b"\x00\xff", encoding="binary/plain"), b"\x00\xff"),
        (raw_payload(b'{"seats": 2}', encoding="json/protobuf"), {"seats": 2}),
    ],
    ids=repr,
)
def test_payloads_of_the_default_converter_are_values(encoded: dict[str, Any], value: Any) -> None:
    """Each encoding that the SDK writes by itself is read."""
    assert payloads({"payloads": [encoded]}) == (value,)


@pytest.mark.parametrize(
    "odd",
    [
        raw_payload(b"\x01\x02", encoding="binary/encrypted"),
        raw_payload(b"\x08\x01", encoding="binary/protobuf"),
        raw_payload(b"{not json", encoding="json/plain"),
        {"metadata": {"encoding": "json/plain"}, "data": "!"},
        {"data": "AAA"},
        {},
    ],
    ids=repr,
)
def test_a_payload_that_cannot_be_read_stands_as_it_came(odd: dict[str, Any]) -> None:
    """An encrypted or damaged payload is shown, and breaks nothing."""
    assert payloads({"payloads": [odd, payload(1)]}) == (odd, 1)


@pytest.mark.parametrize("none", [None, {}, {"payloads": []}], ids=repr)
def test_no_payloads_are_no_values(none: Any) -> None:
    """A workflow without a result has none."""
    assert payloads(none) == ()


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.RUNNING])
def test_the_close_event_tells_the_status(status: Status) -> None:
    """Each of Temporal's six ends is told apart."""
    spelled = {"TimedOut": "TIMED_OUT", "ContinuedAsNew": "CONTINUED_AS_NEW"}.get(status, status.upper())

    assert closed(spelled).outcome.status is status


@pytest.mark.parametrize(
    "events", [(), (recorded("WORKFLOW_EXECUTION_SIGNALED"),), (recorded("WORKFLOW_EXECUTION_CANCEL_REQUESTED"),)]
)
def test_without_a_close_event_the_workflow_runs(events: tuple[dict[str, Any], ...]) -> None:
    """A requested cancellation is not yet an end."""
    assert history(*events).outcome.status is Status.RUNNING


def test_an_empty_history_is_a_running_workflow_without_a_type() -> None:
    """Nothing is known, and nothing is made up."""
    empty = read_history({"events": []}, workflow_id="w", run_id="r")

    assert (empty.outcome.status, empty.workflow) == (Status.RUNNING, "")


def test_the_outcome_has_the_result() -> None:
    """Decoded, and None for a workflow that returns nothing."""
    nothing = history(recorded("WORKFLOW_EXECUTION_COMPLETED"))

    assert completed({"success": True}).outcome.result == {"success": True}
    assert nothing.outcome.result is None
    assert nothing.outcome.failure is None


@pytest.mark.parametrize(
    ("kind", "info", "expected"),
    [
        ("application", {"type": "Declined", "nonRetryable": True}, {"type": "Declined", "non_retryable": True}),
        (
            "activity",
            {"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"},
            {"retry_state": "MAXIMUM_ATTEMPTS_REACHED"},
        ),
        ("childWorkflowExecution", {"retryState": "RETRY_STATE_TIMEOUT"}, {"retry_state": "TIMEOUT"}),
        ("timeout", {"timeoutType": "TIMEOUT_TYPE_HEARTBEAT"}, {"timeout_type": "HEARTBEAT"}),
        ("canceled", {"details": {"payloads": [payload("why")]}}, {"details": ("why",)}),
        ("terminated", {}, {}),
        ("server", {"nonRetryable": True}, {"non_retryable": True}),
        ("resetWorkflow", {}, {}),
        ("nexusOperationExecution", {}, {}),
    ],
)
def test_each_kind_of_failure_is_told_apart(kind: str, info: dict[str, Any], expected: dict[str, Any]) -> None:
    """With what this kind says beyond its message."""
    read = read_failure(failure(kind, "text", **info))

    assert (read.kind, read.message) == (kind, "text")
    assert {name: getattr(read, name) for name in expected} == expected


def test_a_failure_of_no_known_kind_is_unknown() -> None:
    """A failure from a newer server is read as far as it goes."""
    read = read_failure({"message": "odd", "stackTrace": "somewhere"})

    assert (read.kind, read.message, read.stack_trace, read.cause) == ("unknown", "odd", "somewhere", None)


def test_the_causes_of_a_failure_are_a_chain() -> None:
    """Outermost first, down to the root, in one line for a person."""
    root = failure("application", "no seats", type="Declined", details={"payloads": [payload({"left": 0})]})
    inner = failure("activity", "Activity task failed", cause=root)
    chain = failed(failure("childWorkflowExecution", "Child failed", cause=inner)).outcome.failure

    assert chain is not None
    assert [link.kind for link in chain.chain()] == ["childWorkflowExecution", "activity", "application"]
    assert list(chain.chain())[-1].details == ({"left": 0},)
    assert str(chain).endswith("<- application Declined: no seats")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("EVENT_TYPE_ACTIVITY_TASK_SCHEDULED", "ActivityTaskScheduled"),
        ("EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW", "WorkflowExecutionContinuedAsNew"),
        ("EVENT_TYPE_MARKER_RECORDED", "MarkerRecorded"),
        ("ActivityTaskScheduled", "ActivityTaskScheduled"),
    ],
)
def test_event_types_are_spelled_as_temporal_does(written: str, read: str) -> None:
    """Both spellings that Temporal's tools have written mean the same type."""
    event = read_event({"eventId": 5, "eventTime": "2026-11-22T12:00:00Z", "eventType": written})

    assert (event.id, event.type, event.attributes) == (5, read, {})


def test_times_have_more_digits_than_python_keeps() -> None:
    """The server writes nanoseconds, and means UTC."""
    event = read_event({"eventId": "1", "eventTime": "2026-11-22T12:00:00.123456789Z", "eventType": "TimerFired"})

    assert event.at == datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


def test_events_are_found_by_type() -> None:
    """In order, with their attributes."""
    told = history(
        recorded("TIMER_STARTED", timerId="a"), recorded("TIMER_FIRED"), recorded("TIMER_STARTED", timerId="b")
    )

    assert [event.attributes["timerId"] for event in told.of_type("TimerStarted")] == ["a", "b"]
    assert told.workflow == "BookTrip"


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"events": None},
        {"events": [None]},
        {"events": ["text"]},
        {"events": [{"eventId": "1", "eventTime": "2026-11-22T12:00:00Z"}]},
        {"events": [{"eventId": "one", "eventTime": "2026-11-22T12:00:00Z", "eventType": "EVENT_TYPE_TIMER_FIRED"}]},
        {"events": [{"eventId": "1", "eventTime": "noon", "eventType": "EVENT_TYPE_TIMER_FIRED"}]},
        [],
    ],
    ids=repr,
)
def test_a_history_of_another_form_is_refused(damaged: Any) -> None:
    """The error names the workflow whose history it is."""
    with pytest.raises(UsageError, match="the history of 'w-1' cannot be read"):
        read_history(damaged, workflow_id="w-1", run_id="r")
