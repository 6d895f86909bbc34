"""The protocol's enums have the names that declarations use: without them, every event type would be unknown."""

from __future__ import annotations

import pytest

from harness.library_internals.protocol_names import (
    event_type_problem,
    event_types,
    retry_states,
    task_failure_causes,
)


@pytest.mark.parametrize(
    "name", ["WorkflowExecutionStarted", "ActivityTaskScheduled", "TimerFired", "UpsertWorkflowSearchAttributes"]
)
def test_event_types_are_spelled_as_in_histories(name: str) -> None:
    """Without the protocol's prefix, each word capitalized."""
    assert name in event_types()
    assert event_type_problem(name) == ""


def test_an_unknown_event_type_is_named_with_the_nearest() -> None:
    """It would never be recorded."""
    assert "Did you mean 'ActivityTaskScheduled'" in event_type_problem("ActivtyTaskScheduled")


def test_retry_states_and_causes_have_no_prefix() -> None:
    """As oracles are given them."""
    assert {"TIMEOUT", "MAXIMUM_ATTEMPTS_REACHED", "NON_RETRYABLE_FAILURE"} <= retry_states()
    assert {"NON_DETERMINISTIC_ERROR", "WORKFLOW_WORKER_UNHANDLED_FAILURE", "UNREPORTED"} <= task_failure_causes()
