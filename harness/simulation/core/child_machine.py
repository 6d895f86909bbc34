"""A child workflow, as its parent knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from temporalio.api.command.v1 import (
    RequestCancelExternalWorkflowExecutionCommandAttributes,
    StartChildWorkflowExecutionCommandAttributes,
)
from temporalio.api.common.v1 import Header, Memo, Payloads, WorkflowType
from temporalio.api.enums.v1 import RetryState, TimeoutType
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent

from harness.library_internals.core_messages import (
    ChildWorkflowCancellationType,
    ChildWorkflowResult,
    ResolveChildWorkflowExecution,
    ResolveChildWorkflowExecutionStart,
    StartChildWorkflowExecution,
    StartChildWorkflowExecutionFailedCause,
    WorkflowActivationJob,
)
from harness.simulation.core.external_machines import CancelMachine
from harness.simulation.core.machine import Reaction, StateMachine, command, task_queue
from harness.simulation.messages import seconds
from harness.simulation.unmodelled import Unmodelled

ALREADY_EXISTS = StartChildWorkflowExecutionFailedCause.Value(
    "START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS"
)

AT_ONCE = frozenset({ChildWorkflowCancellationType.ABANDON, ChildWorkflowCancellationType.TRY_CANCEL})
"""The kinds of cancellation of which the parent hears at once."""


class ChildMachine(StateMachine):
    """One child.

    Args:
        asked: What the workflow asked for.
    """

    def __init__(self, asked: StartChildWorkflowExecution) -> None:
        self._asked = asked
        self._initiated_id = 0
        self._started_id = 0
        self._run_id = ""
        self._ended = False

    def start(self) -> Reaction:
        """Return the command that starts it."""
        asked = self._asked
        if asked.cron_schedule:
            raise Unmodelled("cron schedules")
        attributes = StartChildWorkflowExecutionCommandAttributes(
            namespace=asked.namespace,
            workflow_id=asked.workflow_id,
            workflow_type=WorkflowType(name=asked.workflow_type),
            task_queue=task_queue(asked.task_queue),
            input=Payloads(payloads=asked.input) if asked.input else None,
            workflow_run_timeout=asked.workflow_run_timeout,
            parent_close_policy=asked.parent_close_policy,  # type: ignore[arg-type]  # the same numbers
            workflow_id_reuse_policy=asked.workflow_id_reuse_policy,
            header=Header(fields=asked.headers),
            inherit_build_id=True,
            priority=asked.priority,
        )
        if asked.memo:
            attributes.memo.CopyFrom(Memo(fields=asked.memo))
        if seconds(asked.workflow_execution_timeout):
            attributes.workflow_execution_timeout.CopyFrom(asked.workflow_execution_timeout)
        if seconds(asked.workflow_task_timeout):
            attributes.workflow_task_timeout.CopyFrom(asked.workflow_task_timeout)
        if asked.HasField("retry_policy"):
            attributes.retry_policy.CopyFrom(asked.retry_policy)
        if asked.HasField("search_attributes"):
            attributes.search_attributes.CopyFrom(asked.search_attributes)
        return Reaction(commands=((command("start_child_workflow_execution", attributes), self),))

    def cancel(self, reason: str) -> Reaction:
        """Cancel it, as the workflow has chosen."""
        kind = self._asked.cancellation_type
        if self._ended:
            return Reaction()
        if not self._initiated_id:
            self.dropped = self._ended = True
            failure = self._failure(
                f"Child Workflow Execution cancelled before scheduled: {reason}",
                RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE,
            )
            failure.cause.canceled_failure_info.SetInParent()
            start = ResolveChildWorkflowExecutionStart(seq=self._asked.seq)
            start.cancelled.failure.CopyFrom(failure)
            return Reaction(jobs=(WorkflowActivationJob(resolve_child_workflow_execution_start=start),))
        commands: tuple[Any, ...] = ()
        if kind != ChildWorkflowCancellationType.ABANDON:
            request = RequestCancelExternalWorkflowExecutionCommandAttributes(
                namespace=self._asked.namespace,
                workflow_id=self._asked.workflow_id,
                run_id=self._run_id,
                child_workflow_only=True,
                reason=reason,
            )
            # Nobody hears of the answer.
            commands = ((command("request_cancel_external_workflow_execution", request), CancelMachine(None)),)
        if kind in AT_ONCE:
            self._ended = True
            return Reaction(jobs=(self._cancelled(),), commands=commands)
        return Reaction(commands=commands)

    def recorded(self, event: HistoryEvent) -> None:
        """Take the event that it was initiated."""
        self._initiated_id = event.event_id

    def heard(self, event: HistoryEvent) -> Iterator[WorkflowActivationJob]:
        """Take the event that it has started or not, or how it has ended."""
        if self._ended:
            return
        if event.HasField("child_workflow_execution_started_event_attributes"):
            self._started_id = event.event_id
            self._run_id = event.child_workflow_execution_started_event_attributes.workflow_execution.run_id
            start = ResolveChildWorkflowExecutionStart(seq=self._asked.seq)
            start.succeeded.run_id = self._run_id
            yield WorkflowActivationJob(resolve_child_workflow_execution_start=start)
            return
        self._ended = True
        if event.HasField("start_child_workflow_execution_failed_event_attributes"):
            start = ResolveChildWorkflowExecutionStart(seq=self._asked.seq)
            start.failed.workflow_id = self._asked.workflow_id
            start.failed.workflow_type = self._asked.workflow_type
            start.failed.cause = ALREADY_EXISTS
            yield WorkflowActivationJob(resolve_child_workflow_execution_start=start)
        else:
            yield self._end(event)

    def _end(self, event: HistoryEvent) -> WorkflowActivationJob:
        result = ChildWorkflowResult()
        if event.HasField("child_workflow_execution_completed_event_attributes"):
            returned = event.child_workflow_execution_completed_event_attributes.result
            result.completed.SetInParent()
            if returned.payloads:
                result.completed.result.CopyFrom(returned.payloads[0])
        elif event.HasField("child_workflow_execution_canceled_event_attributes"):
            return self._cancelled()
        elif event.HasField("child_workflow_execution_failed_event_attributes"):
            failed = event.child_workflow_execution_failed_event_attributes
            failure = self._failure("Child Workflow execution failed", failed.retry_state)
            failure.cause.CopyFrom(failed.failure)
            result.failed.failure.CopyFrom(failure)
        elif event.HasField("child_workflow_execution_timed_out_event_attributes"):
            timed_out = event.child_workflow_execution_timed_out_event_attributes
            failure = self._failure("Child Workflow execution timed out", timed_out.retry_state)
            failure.cause.message = "Timed out"
            failure.cause.timeout_failure_info.timeout_type = TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
            result.failed.failure.CopyFrom(failure)
        else:
            failure = self._failure("Child Workflow execution terminated", RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE)
            failure.cause.message = "Terminated"
            failure.cause.terminated_failure_info.SetInParent()
            result.failed.failure.CopyFrom(failure)
        return self._resolved(result)

    def _cancelled(self) -> WorkflowActivationJob:
        failure = self._failure("Child Workflow execution cancelled", RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE)
        failure.cause.canceled_failure_info.SetInParent()
        result = ChildWorkflowResult()
        result.cancelled.failure.CopyFrom(failure)
        return self._resolved(result)

    def _failure(self, message: str, retry_state: RetryState.ValueType) -> Failure:
        failure = Failure(message=message)
        info = failure.child_workflow_execution_failure_info
        info.namespace = self._asked.namespace
        info.workflow_type.name = self._asked.workflow_type
        info.initiated_event_id = self._initiated_id
        info.started_event_id = self._started_id
        info.retry_state = retry_state
        info.workflow_execution.workflow_id = self._asked.workflow_id
        info.workflow_execution.run_id = self._run_id
        return failure

    def _resolved(self, result: ChildWorkflowResult) -> WorkflowActivationJob:
        return WorkflowActivationJob(
            resolve_child_workflow_execution=ResolveChildWorkflowExecution(seq=self._asked.seq, result=result)
        )
