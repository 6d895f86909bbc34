"""An activity that a workflow has scheduled, until the workflow knows what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from temporalio.api.command.v1 import RequestCancelActivityTaskCommandAttributes, ScheduleActivityTaskCommandAttributes
from temporalio.api.common.v1 import ActivityType, Header, Payloads
from temporalio.api.enums.v1 import RetryState
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent

from harness.library_internals.core_messages import (
    ActivityCancellationType,
    ActivityResolution,
    ResolveActivity,
    ScheduleActivity,
    WorkflowActivationJob,
)
from harness.simulation.core.machine import Reaction, StateMachine, command, task_queue
from harness.simulation.unmodelled import Unmodelled


class ActivityMachine(StateMachine):
    """One activity.

    Args:
        asked: What the workflow asked for.
    """

    def __init__(self, asked: ScheduleActivity) -> None:
        self._asked = asked
        self._scheduled_id = 0
        self._ended = False
        self._cancelling = False
        self._knows = False

    def schedule(self, *, eager: bool) -> Reaction:
        """Return the command that schedules it.

        Args:
            eager: Whether the worker that asks for it takes its first attempt along.
        """
        asked = self._asked
        attributes = ScheduleActivityTaskCommandAttributes(
            activity_id=asked.activity_id,
            activity_type=ActivityType(name=asked.activity_type),
            task_queue=task_queue(asked.task_queue),
            header=Header(fields=asked.headers),
            input=Payloads(payloads=asked.arguments) if asked.arguments else None,
            request_eager_execution=eager and not asked.do_not_eagerly_execute,
            use_workflow_build_id=True,
            priority=asked.priority,
        )
        for name in (
            "schedule_to_close_timeout",
            "schedule_to_start_timeout",
            "start_to_close_timeout",
            "heartbeat_timeout",
            "retry_policy",
        ):
            if asked.HasField(name):
                getattr(attributes, name).CopyFrom(getattr(asked, name))
        return Reaction(commands=((command("schedule_activity_task", attributes), self),))

    def cancel(self) -> Reaction:
        """Cancel it, as the workflow has chosen."""
        kind = self._asked.cancellation_type
        if self._ended or self._cancelling:
            return Reaction()
        if not self._scheduled_id:
            self.dropped = self._ended = True
            return Reaction(jobs=(self._cancelled(),))
        if kind == ActivityCancellationType.ABANDON:
            self._ended = True
            return Reaction(jobs=(self._cancelled(),))
        self._cancelling = True
        request = RequestCancelActivityTaskCommandAttributes(scheduled_event_id=self._scheduled_id)
        asked = ((command("request_cancel_activity_task", request), self),)
        if kind == ActivityCancellationType.WAIT_CANCELLATION_COMPLETED:
            return Reaction(commands=asked)
        self._knows = True
        return Reaction(jobs=(self._cancelled(),), commands=asked)

    def recorded(self, event: HistoryEvent) -> None:
        """Take the event that it is scheduled, or asked to cancel."""
        if event.HasField("activity_task_scheduled_event_attributes"):
            self._scheduled_id = event.event_id
            if event.activity_task_scheduled_event_attributes.activity_id != self._asked.activity_id:
                raise Unmodelled("workflow code that is not deterministic")

    def heard(self, event: HistoryEvent) -> Iterator[WorkflowActivationJob]:
        """Take the event that it has begun, or how it has ended."""
        if event.HasField("activity_task_started_event_attributes"):
            return
        told, self._ended = self._ended or self._knows, True
        if told:
            return
        if event.HasField("activity_task_completed_event_attributes"):
            result = event.activity_task_completed_event_attributes.result
            resolution = ActivityResolution()
            resolution.completed.SetInParent()
            if result.payloads:
                resolution.completed.result.CopyFrom(result.payloads[0])
            yield self._resolved(resolution)
        elif event.HasField("activity_task_failed_event_attributes"):
            yield self._failed("Activity task failed", event.activity_task_failed_event_attributes)
        elif event.HasField("activity_task_timed_out_event_attributes"):
            yield self._failed("Activity task timed out", event.activity_task_timed_out_event_attributes)
        elif event.HasField("activity_task_canceled_event_attributes"):
            yield self._cancelled(event.activity_task_canceled_event_attributes)

    def _failed(self, message: str, attributes: Any) -> WorkflowActivationJob:
        failure = self._failure(message, attributes, attributes.retry_state)
        failure.cause.CopyFrom(attributes.failure)
        resolution = ActivityResolution()
        resolution.failed.failure.CopyFrom(failure)
        return self._resolved(resolution)

    def _cancelled(self, attributes: Any = None) -> WorkflowActivationJob:
        failure = self._failure("Activity cancelled", attributes, RetryState.RETRY_STATE_CANCEL_REQUESTED)
        failure.cause.canceled_failure_info.SetInParent()
        if attributes is not None and attributes.HasField("details"):
            failure.cause.canceled_failure_info.details.CopyFrom(attributes.details)
        resolution = ActivityResolution()
        resolution.cancelled.failure.CopyFrom(failure)
        return self._resolved(resolution)

    def _failure(self, message: str, attributes: Any, retry_state: RetryState.ValueType) -> Failure:
        failure = Failure(message=message)
        info = failure.activity_failure_info
        info.activity_type.name = self._asked.activity_type
        info.activity_id = self._asked.activity_id
        info.retry_state = retry_state
        if attributes is not None:
            info.identity = getattr(attributes, "identity", "")
            info.scheduled_event_id = attributes.scheduled_event_id
            info.started_event_id = attributes.started_event_id
        return failure

    def _resolved(self, resolution: ActivityResolution) -> WorkflowActivationJob:
        return WorkflowActivationJob(resolve_activity=ResolveActivity(seq=self._asked.seq, result=resolution))
