"""What the server and a worker exchange: tasks, and the answers to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from temporalio.api.command.v1 import Command
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import ActivityTaskScheduledEventAttributes, HistoryEvent
from temporalio.api.protocol.v1 import Message
from temporalio.api.query.v1 import WorkflowQuery
from temporalio.api.sdk.v1 import WorkflowTaskCompletedMetadata

Token = tuple[str, int, int]
"""The run, the event that scheduled a task, and the attempt."""


@dataclass(frozen=True, kw_only=True)
class WorkflowTask:
    """A workflow task, as a worker gets it.

    Attributes:
        token: Which task.
        workflow_id: Of the workflow.
        previous_started_id: The event at which the last task that was completed had started; 0 for the first task.
        started_id: The event at which this task started; 0 for a query alone.
        events: The history from its beginning, or from where the worker knows it.
        messages: ClientRequests for updates.
        query: A query, if it is for one.
        task_timeout: How many seconds it may take.
    """

    token: Token
    workflow_id: str
    previous_started_id: int
    started_id: int
    events: Sequence[HistoryEvent]
    messages: Sequence[Message] = ()
    query: WorkflowQuery | None = None
    task_timeout: float = 10.0

    @property
    def run_id(self) -> str:
        """The workflow's run."""
        return self.token[0]

    @property
    def attempt(self) -> int:
        """Which attempt it is, from 1."""
        return self.token[2]


@dataclass(frozen=True, kw_only=True)
class TaskAnswer:
    """What a worker answers to a workflow task.

    Attributes:
        commands: What the workflow asks for.
        messages: Answers to requests for updates.
        metadata: The flags that it used.
        identity: The worker's.
        build_id: The build of the worker's code.
    """

    commands: Sequence[Command]
    messages: Sequence[Message] = ()
    metadata: WorkflowTaskCompletedMetadata = field(default_factory=WorkflowTaskCompletedMetadata)
    identity: str = ""
    build_id: str = ""


@dataclass(frozen=True, kw_only=True)
class FailedTask:
    """That a worker could not do a workflow task.

    Attributes:
        cause: Why, in Temporal's terms.
        failure: What was raised; None for nothing.
        identity: The worker's.
    """

    cause: WorkflowTaskFailedCause.ValueType
    failure: Failure | None = None
    identity: str = ""


@dataclass(frozen=True, kw_only=True)
class ActivityTask:
    """An attempt of an activity, as a worker gets it."""

    token: Token
    workflow_type: str
    execution: WorkflowExecution
    scheduled: ActivityTaskScheduledEventAttributes
    heartbeat_details: Payloads | None
    scheduled_at: float
    attempt_scheduled_at: float
    started_at: float

    @property
    def attempt(self) -> int:
        """Which attempt it is, from 1."""
        return self.token[2]


QueryResult = Payload | Failure
"""What a worker answers to a query: what the handler returned, or why it failed."""


class Worker(Protocol):
    """A worker that polls a task queue."""

    @property
    def identity(self) -> str:
        """What it calls itself."""

    @property
    def build_id(self) -> str:
        """The build of its code."""

    def workflow_task(self, task: WorkflowTask) -> None:
        """Take a workflow task."""

    def activity_task(self, task: ActivityTask) -> None:
        """Take an attempt of an activity."""

    def query(self, task: WorkflowTask, answer: Callable[[QueryResult], None]) -> None:
        """Take a query."""

    def knows(self, run_id: str) -> bool:
        """Whether it keeps a run in its cache."""

    def undo_task(self, run_id: str) -> None:
        """Forget the last task of a run, of which the history says nothing."""

    def forget(self, run_id: str) -> None:
        """Let go of a run that has closed."""
