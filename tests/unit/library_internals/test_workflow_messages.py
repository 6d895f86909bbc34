"""The jobs and commands that the harness reads and writes by name: a renamed one is missed, or raises in a worker."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.message import Message

from harness.library_internals.workflow_messages import (
    ActivityCancellationType,
    WorkflowActivation,
    WorkflowActivationCompletion,
    WorkflowCommand,
)
from harness.replay.events.outline import _COMMANDS, of_command
from harness.workers.workflow_runners import _TOLD

ACTIVITY = {
    "seq",
    "activity_id",
    "activity_type",
    "arguments",
    "retry_policy",
    "schedule_to_close_timeout",
    "start_to_close_timeout",
    "cancellation_type",
}

WITHOUT_OUTLINE = {"respond_to_query", "request_cancel_local_activity", "cancel_signal_workflow"}
"""The commands of which the server records no event."""

READ: dict[tuple[type[Message], str], set[str]] = {
    (WorkflowActivation, ""): {"run_id", "is_replaying", "history_length", "jobs"},
    (WorkflowActivation, "jobs"): {*_TOLD, "remove_from_cache", "cancel_workflow"},
    (WorkflowActivationCompletion, ""): {"run_id", "failed", "successful"},
    (WorkflowCommand, "schedule_activity"): {
        *ACTIVITY,
        "heartbeat_timeout",
        "schedule_to_start_timeout",
        "task_queue",
    },
    (WorkflowCommand, "schedule_local_activity"): ACTIVITY,
    (WorkflowCommand, "start_child_workflow_execution"): {
        "seq",
        "workflow_id",
        "workflow_type",
        "task_queue",
        "input",
    },
    (WorkflowCommand, "start_timer"): {"seq", "start_to_fire_timeout"},
    (WorkflowCommand, "request_cancel_activity"): {"seq"},
    (WorkflowCommand, "fail_workflow_execution"): {"failure"},
    (WorkflowCommand, "complete_workflow_execution"): {"result"},
}
"""The fields that code elsewhere names, by message and by field of it."""


def fields_of(message: type[Message], field: str = "") -> set[str]:
    """The names of a message's fields, or of the fields of one of its messages."""
    descriptor: Any = message.DESCRIPTOR
    if field:
        descriptor = descriptor.fields_by_name[field].message_type
    return set(descriptor.fields_by_name)


@pytest.mark.parametrize(("message", "field"), READ, ids=str)
def test_the_fields_that_the_harness_names_are_there(message: type[Message], field: str) -> None:
    """By the names that protobuf gives them."""
    assert READ[message, field] - fields_of(message, field) == set()


def test_every_command_has_an_outline_or_is_known_to_need_none() -> None:
    """A command that the SDK adds would not be compared with its event: decide what it is first."""
    commands = {one.name for one in WorkflowCommand.DESCRIPTOR.oneofs_by_name["variant"].fields}

    assert commands - set(_COMMANDS) - WITHOUT_OUTLINE == set()


@pytest.mark.parametrize("name", [name for name in _COMMANDS if name in fields_of(WorkflowCommand)])
def test_an_outline_reads_only_fields_that_the_sdk_has(name: str) -> None:
    """Of each kind of command; a missing one would end the replay of every history with such a command."""
    command = WorkflowCommand()
    getattr(command, name).SetInParent()
    of_command(command)

    assert command.WhichOneof("variant") == name


def test_an_activity_is_cancelled_by_trying_unless_it_says_otherwise() -> None:
    """By this number the harness knows the calls that workflow code no longer waits for once it has cancelled them."""
    command = WorkflowCommand()
    command.schedule_activity.SetInParent()

    assert command.schedule_activity.cancellation_type == ActivityCancellationType.TRY_CANCEL
