"""A worker of a few lines that answers workflow tasks by hand: what comes when is then exactly known.

It also makes a history long or large in no time, since no workflow's code has to run for its events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from google.protobuf.duration_pb2 import Duration
from temporalio.api.command.v1 import (
    Command,
    ContinueAsNewWorkflowExecutionCommandAttributes,
    RecordMarkerCommandAttributes,
    ScheduleActivityTaskCommandAttributes,
    StartChildWorkflowExecutionCommandAttributes,
)
from temporalio.api.common.v1 import ActivityType, Payload, Payloads, WorkflowExecution, WorkflowType
from temporalio.api.enums.v1 import CommandType, TaskQueueKind
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.taskqueue.v1 import StickyExecutionAttributes, TaskQueue
from temporalio.api.workflowservice.v1 import (
    GetWorkflowExecutionHistoryReverseRequest,
    PollWorkflowTaskQueueRequest,
    RespondWorkflowTaskCompletedRequest,
)
from temporalio.api.workflowservice.v1 import PollWorkflowTaskQueueResponse as Task
from temporalio.client import Client, WorkflowHandle


@dataclass(frozen=True)
class ByHand:
    """A workflow with its worker.

    Attributes:
        client: Of the server it is on.
        name: Its id, and its task queue.
        handle: To signal it by.
    """

    client: Client
    name: str
    handle: WorkflowHandle[Any, Any]

    @classmethod
    async def begin(cls, client: Client) -> ByHand:
        """Start a workflow that has no code."""
        name = f"by-hand-{uuid4()}"
        # A task whose way to us was lost comes again after its timeout.
        within = timedelta(seconds=10)
        return cls(client, name, await client.start_workflow("ByHand", id=name, task_queue=name, task_timeout=within))

    async def take(self) -> Task:
        """Wait for the next workflow task."""
        while True:
            task = await self.client.workflow_service.poll_workflow_task_queue(
                PollWorkflowTaskQueueRequest(
                    namespace=self.client.namespace, task_queue=TaskQueue(name=self.name), identity="by hand"
                )
            )
            if task.task_token:
                return task

    async def answer(self, task: Task, commands: Sequence[Command], *, another: bool = False) -> Task:
        """Answer a workflow task; with `another`, have the next one come at once, and return it."""
        sticky = TaskQueue(name=f"{self.name}-own", kind=TaskQueueKind.TASK_QUEUE_KIND_STICKY, normal_name=self.name)
        answered = await self.client.workflow_service.respond_workflow_task_completed(
            RespondWorkflowTaskCompletedRequest(
                namespace=self.client.namespace,
                identity="by hand",
                task_token=task.task_token,
                commands=commands,
                force_create_new_workflow_task=another,
                return_new_workflow_task=another,
                # Else the next task would bring the whole history along.
                sticky_attributes=StickyExecutionAttributes(worker_task_queue=sticky) if another else None,
            )
        )
        return answered.workflow_task

    async def last(self) -> HistoryEvent:
        """The event that the history ends with."""
        told = await self.client.workflow_service.get_workflow_execution_history_reverse(
            GetWorkflowExecutionHistoryReverseRequest(
                namespace=self.client.namespace,
                execution=WorkflowExecution(workflow_id=self.name),
                maximum_page_size=1,
            )
        )
        return told.history.events[0]


def continue_as_new(queue: str) -> Command:
    """The command with which a run ends and another begins."""
    return Command(
        command_type=CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
        continue_as_new_workflow_execution_command_attributes=ContinueAsNewWorkflowExecutionCommandAttributes(
            workflow_type=WorkflowType(name="ByHand"), task_queue=TaskQueue(name=queue)
        ),
    )


def start_child(queue: str, number: int) -> Command:
    """The command that asks for a child."""
    return Command(
        command_type=CommandType.COMMAND_TYPE_START_CHILD_WORKFLOW_EXECUTION,
        start_child_workflow_execution_command_attributes=StartChildWorkflowExecutionCommandAttributes(
            workflow_id=f"{queue}-{number}",
            workflow_type=WorkflowType(name="Nobody"),
            task_queue=TaskQueue(name=f"{queue}-nobody"),
        ),
    )


def schedule_activity(queue: str, number: int) -> Command:
    """The command that asks for an activity."""
    within = Duration(seconds=60)
    return Command(
        command_type=CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
        schedule_activity_task_command_attributes=ScheduleActivityTaskCommandAttributes(
            activity_id=str(number),
            activity_type=ActivityType(name="nothing"),
            task_queue=TaskQueue(name=f"{queue}-nobody"),
            start_to_close_timeout=within,
        ),
    )


def marker(size: int = 0) -> Command:
    """The command that is one event, of about this size."""
    details = {"x": Payloads(payloads=[Payload(data=b"x" * size)])} if size else {}
    return Command(
        command_type=CommandType.COMMAND_TYPE_RECORD_MARKER,
        record_marker_command_attributes=RecordMarkerCommandAttributes(marker_name="x", details=details),
    )
