"""How an execution ends: by its own command, by a timeout or from outside; and as what it goes on."""

from __future__ import annotations

from typing import Any

from temporalio.api.enums.v1 import (
    ContinueAsNewInitiator,
    RetryState,
    TimeoutType,
    WorkflowExecutionStatus,
)
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import WorkflowExecutionStartedEventAttributes

from harness.simulation.latency import HOP
from harness.simulation.messages import duration, seconds, timeout_failure
from harness.simulation.server.owner import ExecutionView
from harness.simulation.server.retries import Again, again
from harness.simulation.server.workflow_tasks import WorkflowTasks

NO_POLICY = Again(RetryState.RETRY_STATE_RETRY_POLICY_NOT_SET)

PARENT_HEARS = {
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED: "completed",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED: "failed",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED: "canceled",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED: "terminated",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT: "timed_out",
}


class ExecutionEnd:
    """The end of one execution.

    Args:
        execution: Which.
        tasks: Its workflow tasks.
    """

    def __init__(self, execution: ExecutionView, tasks: WorkflowTasks) -> None:
        self._execution = execution
        self._tasks = tasks

    def watch_timeouts(self) -> None:
        """Have the execution end when its run, or all its runs together, have taken too long."""
        execution = self._execution
        run = seconds(execution.started.workflow_run_timeout)
        if run:
            backoff = seconds(execution.started.first_workflow_task_backoff)
            execution.clock.after(run + backoff, lambda: self._times_out(whole=False))
        if execution.started.HasField("workflow_execution_expiration_time"):
            expires = execution.started.workflow_execution_expiration_time
            execution.clock.at(expires.seconds + expires.nanos / 1e9, lambda: self._times_out(whole=True))

    def complete(self, asked: Any, completed_id: int) -> None:
        """Close it with its result."""
        result = asked.result if asked.HasField("result") else None
        self._write("completed", {"result": result, "workflow_task_completed_event_id": completed_id})
        self.close(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED, result=result)

    def cancel(self, asked: Any, completed_id: int) -> None:
        """Close it as cancelled."""
        details = asked.details if asked.HasField("details") else None
        self._write("canceled", {"details": details, "workflow_task_completed_event_id": completed_id})
        self.close(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED, details=details)

    def fail(self, asked: Any, completed_id: int) -> None:
        """Close it with its failure; another run follows if its retry policy says so."""
        decision = self._again(asked.failure)
        following = self._execution.server.new_run_id() if decision.tries else ""
        self._write(
            "failed",
            {
                "failure": asked.failure,
                "retry_state": decision.state,
                "workflow_task_completed_event_id": completed_id,
                "new_execution_run_id": following,
            },
        )
        self.close(
            WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED,
            following=bool(following),
            failure=asked.failure,
            retry_state=decision.state,
        )
        if following:
            self._retry(following, decision, asked.failure)

    def continue_as_new(self, asked: Any, completed_id: int) -> None:
        """Close it, and go on as a new run."""
        execution, started = self._execution, self._execution.started
        following = execution.server.new_run_id()
        task_timeout = asked.workflow_task_timeout if seconds(asked.workflow_task_timeout) else None
        run_timeout = asked.workflow_run_timeout if seconds(asked.workflow_run_timeout) else None
        shared = {
            "workflow_type": asked.workflow_type,
            "task_queue": asked.task_queue,
            "input": asked.input if asked.HasField("input") else None,
            "workflow_run_timeout": run_timeout or started.workflow_run_timeout,
            "workflow_task_timeout": task_timeout or started.workflow_task_timeout,
            "initiator": ContinueAsNewInitiator.CONTINUE_AS_NEW_INITIATOR_WORKFLOW,
            "header": asked.header if asked.HasField("header") else None,
            "memo": asked.memo if asked.HasField("memo") else None,
            "search_attributes": asked.search_attributes if asked.HasField("search_attributes") else None,
        }
        self._write(
            "continued_as_new",
            {
                **{key: value for key, value in shared.items() if key != "initiator"},
                "new_execution_run_id": following,
                "workflow_task_completed_event_id": completed_id,
                "inherit_build_id": asked.inherit_build_id,
                "backoff_start_interval": _if_any(asked.backoff_start_interval),
            },
        )
        self.close(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW, following=True)
        begun = self._following(**shared, attempt=1, first_workflow_task_backoff=_if_any(asked.backoff_start_interval))
        if asked.HasField("retry_policy"):
            begun.retry_policy.CopyFrom(asked.retry_policy)
        execution.server.go_on(execution, begun, following)

    def close(self, status: WorkflowExecutionStatus.ValueType, *, following: bool = False, **parent_hears: Any) -> None:
        """Close it, once its last event is written.

        Args:
            status: How.
            following: Whether another run goes on, so that nobody has to hear of this.
            parent_hears: What its parent hears of the end.
        """
        execution = self._execution
        execution.clock.stop()
        execution.ended(status, goes_on=following)
        if not following:
            self._tell_parent(status, {key: value for key, value in parent_hears.items() if value is not None})
        worker = execution.server.worker_of(execution.task_queue)
        if worker is not None:
            execution.clock.soon(0, lambda: worker.forget(execution.run_id))

    def _tell_parent(self, status: WorkflowExecutionStatus.ValueType, attributes: dict[str, Any]) -> None:
        execution = self._execution
        parent = execution.started.parent_workflow_execution
        if not parent.workflow_id:
            return
        found = execution.server.execution(parent.run_id)
        if found is None:
            return
        initiated, run_id = execution.started.parent_initiated_event_id, execution.run_id
        attributes.pop("details", None)
        execution.clock.soon(HOP, lambda: found.child_ended(initiated, run_id, PARENT_HEARS[status], attributes))

    def _write(self, how: str, attributes: dict[str, Any]) -> None:
        self._execution.history.write(f"workflow_execution_{how}", attributes)

    def _again(self, failure: Failure) -> Again:
        started = self._execution.started
        if not started.HasField("retry_policy"):
            return NO_POLICY
        expires = started.workflow_execution_expiration_time
        return again(
            started.retry_policy,
            attempt=started.attempt,
            failure=failure,
            now=self._execution.clock.now(),
            expires=expires.seconds + expires.nanos / 1e9 if expires.seconds else None,
        )

    def _times_out(self, *, whole: bool) -> None:
        execution = self._execution
        if execution.closed:
            return
        decision = Again(RetryState.RETRY_STATE_TIMEOUT)
        failure = timeout_failure("workflow timeout", TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE)
        if not whole:
            decision = self._again(failure)
        following = execution.server.new_run_id() if decision.tries else ""
        self._tasks.force_closed()
        execution.history.write_kept()
        self._write("timed_out", {"retry_state": decision.state, "new_execution_run_id": following})
        self.close(
            WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT,
            following=bool(following),
            retry_state=decision.state,
        )
        if following:
            self._retry(following, decision, failure)

    def _retry(self, following: str, decision: Again, failure: Failure) -> None:
        execution, started = self._execution, self._execution.started
        begun = self._following(
            workflow_type=started.workflow_type,
            task_queue=started.task_queue,
            input=started.input if started.HasField("input") else None,
            workflow_run_timeout=started.workflow_run_timeout,
            workflow_task_timeout=started.workflow_task_timeout,
            initiator=ContinueAsNewInitiator.CONTINUE_AS_NEW_INITIATOR_RETRY,
            continued_failure=failure,
            header=started.header if started.HasField("header") else None,
            memo=started.memo if started.HasField("memo") else None,
            search_attributes=started.search_attributes if started.HasField("search_attributes") else None,
            attempt=started.attempt + 1,
            first_workflow_task_backoff=duration(decision.backoff),
        )
        execution.server.go_on(execution, begun, following)

    def _following(self, **fields: Any) -> WorkflowExecutionStartedEventAttributes:
        """Return the first event of the run that goes on."""
        execution, started = self._execution, self._execution.started
        begun = WorkflowExecutionStartedEventAttributes(
            workflow_id=execution.workflow_id,
            continued_execution_run_id=execution.run_id,
            first_execution_run_id=started.first_execution_run_id,
            priority=started.priority,
            **fields,
        )
        for name in (
            "parent_workflow_execution",
            "root_workflow_execution",
            "workflow_execution_timeout",
            "workflow_execution_expiration_time",
            "retry_policy",
            "time_skipping_config",
        ):
            if started.HasField(name):
                getattr(begun, name).CopyFrom(getattr(started, name))
        begun.parent_workflow_namespace = started.parent_workflow_namespace
        begun.parent_workflow_namespace_id = started.parent_workflow_namespace_id
        begun.parent_initiated_event_id = started.parent_initiated_event_id
        return begun


def _if_any(length: Any) -> Any:
    return length if seconds(length) else None
