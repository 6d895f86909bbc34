"""The messages between the SDK's core and its Python part have the fields that the simulation reads and sets."""

from __future__ import annotations

import pytest

from harness.library_internals import core_messages

JOBS = {
    "initialize_workflow",
    "fire_timer",
    "query_workflow",
    "cancel_workflow",
    "signal_workflow",
    "resolve_activity",
    "notify_has_patch",
    "resolve_child_workflow_execution_start",
    "resolve_child_workflow_execution",
    "resolve_signal_external_workflow",
    "resolve_request_cancel_external_workflow",
    "do_update",
    "remove_from_cache",
    # Not given out by the simulation: a workflow that is reset, and Nexus.
    "update_random_seed",
    "resolve_nexus_operation_start",
    "resolve_nexus_operation",
}

ASKED = {
    "start_timer",
    "schedule_activity",
    "respond_to_query",
    "request_cancel_activity",
    "cancel_timer",
    "complete_workflow_execution",
    "fail_workflow_execution",
    "continue_as_new_workflow_execution",
    "cancel_workflow_execution",
    "set_patch_marker",
    "start_child_workflow_execution",
    "cancel_child_workflow_execution",
    "request_cancel_external_workflow_execution",
    "signal_external_workflow_execution",
    "cancel_signal_workflow",
    "schedule_local_activity",
    "request_cancel_local_activity",
    "upsert_workflow_search_attributes",
    "modify_workflow_properties",
    "update_response",
    "schedule_nexus_operation",
    "request_cancel_nexus_operation",
}


@pytest.mark.parametrize(
    ("message", "oneof", "known"),
    [
        (core_messages.WorkflowActivationJob, "variant", JOBS),
        (core_messages.WorkflowCommand, "variant", ASKED),
    ],
)
def test_nothing_is_there_that_the_simulation_has_not_heard_of(message: type, oneof: str, known: set[str]) -> None:
    """A new kind of job or command has to be modelled, or refused as not modelled."""
    fields = message.DESCRIPTOR.oneofs_by_name[oneof].fields  # type: ignore[attr-defined]  # each message has one

    assert {one.name for one in fields} == known


def test_what_an_activity_task_says() -> None:
    """The worker's code reads all of these."""
    fields = core_messages.Start.DESCRIPTOR.fields_by_name

    assert {"workflow_execution", "heartbeat_details", "attempt", "is_local", "scheduled_time"} <= {*fields}
