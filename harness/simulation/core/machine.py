"""What the machines of a workflow run have in common: one for each thing that the workflow has asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from temporalio.api.command.v1 import Command
from temporalio.api.enums.v1 import CommandType, TaskQueueKind
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.taskqueue.v1 import TaskQueue

from harness.library_internals.core_messages import (
    WorkflowActivationJob,
)


def command(name: str, attributes: Any) -> Command:
    """Return a command to the server.

    Args:
        name: Its type, such as "start_timer".
        attributes: Its attributes.
    """
    return Command(
        command_type=CommandType.Value(f"COMMAND_TYPE_{name.upper()}"), **{f"{name}_command_attributes": attributes}
    )


def task_queue(name: str) -> TaskQueue:
    """Return the task queue of that name, as commands have it."""
    return TaskQueue(name=name, kind=TaskQueueKind.TASK_QUEUE_KIND_NORMAL)


class StateMachine:
    """One thing that the workflow has asked for.

    Attributes:
        dropped: Whether the workflow took it back before the server heard of it.
    """

    dropped = False

    def recorded(self, event: HistoryEvent) -> None:
        """Take the event that the server wrote for the command."""

    def heard(self, event: HistoryEvent) -> Iterable[WorkflowActivationJob]:  # noqa: ARG002 - the contract's
        """Take a later event that refers to it; return what the workflow hears."""
        return ()


@dataclass(frozen=True)
class Reaction:
    """What comes of something that the workflow asks for.

    Attributes:
        jobs: What it hears at once.
        commands: What the server is asked for, each with the machine that takes the event of it.
    """

    jobs: tuple[WorkflowActivationJob, ...] = ()
    commands: tuple[tuple[Command, StateMachine], ...] = field(default=())
