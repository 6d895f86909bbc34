"""What commands and events carry, in one plain form."""

from __future__ import annotations

from temporalio.api.common.v1 import Payload, RetryPolicy
from temporalio.api.failure.v1 import Failure

from harness.application_side.payloads import payloads_in
from harness.replay.events.values import as_data, differences, failure, path_text, plain, retry
from tests.unit.replay.made_histories import activity, asks, history, payload


def test_payloads_become_values() -> None:
    """JSON as data, null as None, and what is neither by its bytes."""
    assert plain(payload({"a": [1]})) == {"a": [1]}
    assert plain(Payload(metadata={"encoding": b"binary/null"})) is None
    assert plain(Payload(metadata={"encoding": b"binary/plain"}, data=b"x")) == {
        "encoding": "binary/plain",
        "base64": "eA==",
    }
    assert plain(Payload(metadata={"encoding": b"json/plain"}, data=b"{")) == {
        "encoding": "json/plain",
        "base64": "ew==",
    }


def test_a_scrubbed_place_says_so() -> None:
    """Even the whole of a payload."""
    one = payload({"a": 1})
    one.metadata["harness-scrubbed"] = b"[[]]"

    assert plain(one) == "scrubbed:"


def test_values_differ_by_kind_too() -> None:
    """1 is neither 1.0 nor true to whoever reads the JSON."""
    assert [path for path, _, _ in differences([1, 1, 1], [1, 1.0, True])] == [(1,), (2,)]


def test_what_one_side_lacks_differs() -> None:
    """In objects and in lists."""
    found = [(path_text(path), repr(was), repr(now)) for path, was, now in differences({"a": [1]}, {"b": 2, "a": []})]

    assert found == [("a[0]", "1", "(nothing)"), ("b", "(nothing)", "2")]


def test_a_retry_policy_has_the_server_s_defaults() -> None:
    """Said or not."""
    said = RetryPolicy(backoff_coefficient=2.0)
    said.initial_interval.seconds, said.maximum_interval.seconds = 1, 100

    assert retry(RetryPolicy()) == retry(said)


def test_a_failure_is_what_it_says() -> None:
    """With its causes, and without where it was raised."""
    one = Failure(message="m", stack_trace="here")
    one.application_failure_info.type = "T"
    one.cause.message = "c"

    assert failure(one) == {
        "message": "m",
        "type": "T",
        "non_retryable": False,
        "details": [],
        "cause": {"message": "c"},
    }
    one.encoded_attributes.CopyFrom(payload({"message": "true words", "stack_trace": "x"}))
    assert failure(one)["message"] == "true words"


def test_payloads_are_found_wherever_they_are() -> None:
    """In maps, too."""
    events = history(activity())
    events[0].workflow_execution_started_event_attributes.memo.fields["k"].CopyFrom(payload(1))

    assert [plain(one) for event in events for one in payloads_in(event)] == [1, 5]


def test_a_command_in_full_is_plain_data() -> None:
    """Durations and payloads included."""
    assert as_data(asks().schedule_activity) == {
        "seq": 1,
        "activity_id": "1",
        "activity_type": "charge",
        "task_queue": "queue",
        "arguments": [5],
        "start_to_close_timeout": "10 s",
    }
