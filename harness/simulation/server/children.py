"""The child workflows of an execution: their start, what the parent hears of their end, and parent close policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import ParentClosePolicy, StartChildWorkflowExecutionFailedCause, WorkflowIdReusePolicy
from temporalio.api.history.v1 import WorkflowExecutionStartedEventAttributes
from temporalio.service import RPCError

from harness.simulation.latency import HOP, PARENT_CLOSED, QUEUED
from harness.simulation.messages import seconds, timestamp
from harness.simulation.server.owner import ExecutionView
from harness.simulation.server.retries import complete
from harness.simulation.unmodelled import Unmodelled

ALREADY_EXISTS = (
    StartChildWorkflowExecutionFailedCause.START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS
)


@dataclass(eq=False)
class ChildExecution:
    """One child workflow, as its parent knows it.

    Attributes:
        workflow_id: Its id.
        workflow_type: Its type.
        policy: What becomes of it when its parent closes.
        run_id: Its first run; "" before it has started.
    """

    workflow_id: str
    workflow_type: Any
    policy: ParentClosePolicy.ValueType
    run_id: str = ""


class Children:
    """The children of one execution.

    Args:
        execution: Which.
    """

    def __init__(self, execution: ExecutionView) -> None:
        self._execution = execution
        self._open: dict[int, ChildExecution] = {}

    @property
    def any_open(self) -> bool:
        """Whether one has not ended: time is not skipped then."""
        return bool(self._open)

    @property
    def open(self) -> tuple[tuple[int, ChildExecution], ...]:
        """Those that have not ended, with the events that initiated them."""
        return tuple(self._open.items())

    def start(self, asked: Any, completed_id: int) -> None:
        """Start a child."""
        if asked.cron_schedule:
            raise Unmodelled("cron schedules")
        execution = self._execution
        policy = asked.workflow_id_reuse_policy or WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
        event = execution.history.write(
            "start_child_workflow_execution_initiated",
            {
                "namespace": asked.namespace,
                "namespace_id": execution.server.namespace_id,
                "workflow_id": asked.workflow_id,
                "workflow_type": asked.workflow_type,
                "task_queue": asked.task_queue,
                "input": asked.input if asked.HasField("input") else None,
                "workflow_execution_timeout": _if_set(asked, "workflow_execution_timeout"),
                "workflow_run_timeout": asked.workflow_run_timeout,
                "workflow_task_timeout": _if_set(asked, "workflow_task_timeout"),
                "parent_close_policy": asked.parent_close_policy,
                "workflow_task_completed_event_id": completed_id,
                "workflow_id_reuse_policy": policy,
                "retry_policy": complete(asked.retry_policy) if asked.HasField("retry_policy") else None,
                "header": asked.header,
                "memo": _if_set(asked, "memo"),
                "search_attributes": _if_set(asked, "search_attributes"),
                "inherit_build_id": asked.inherit_build_id,
                "priority": asked.priority,
            },
        )
        child = ChildExecution(asked.workflow_id, asked.workflow_type, asked.parent_close_policy)
        self._open[event.event_id] = child
        execution.clock.soon(HOP, lambda: self._begin(event.event_id, child, asked))

    def ended(self, initiated_id: int, run_id: str, name: str, attributes: dict[str, Any]) -> None:
        """Let the parent hear that a child has ended.

        Args:
            initiated_id: The event that initiated it.
            run_id: Its last run.
            name: How it ended, as in the name of the event.
            attributes: What else the event says.
        """
        child = self._open.pop(initiated_id, None)
        if child is None or self._execution.closed:
            return
        self._execution.happened(
            f"child_workflow_execution_{name}", {**self._about(initiated_id, child, run_id), **attributes}
        )
        self._execution.settle()

    def parent_closed(self) -> None:
        """Do what the parent close policies of the open children say, a little later."""
        for child in self._open.values():
            if child.run_id:
                self._execution.clock.soon(PARENT_CLOSED, self._closing(child))
        self._open.clear()

    def _begin(self, initiated_id: int, child: ChildExecution, asked: Any) -> None:
        execution = self._execution
        if execution.closed:
            # The server starts no child whose parent has closed before.
            return
        started = self._started(initiated_id, asked)
        try:
            child.run_id = execution.server.start_child(
                started, reuse=asked.workflow_id_reuse_policy, latency=QUEUED, skipped=execution.clock.skipped
            )
        except RPCError:
            del self._open[initiated_id]
            execution.happened(
                "start_child_workflow_execution_failed",
                {
                    "namespace": asked.namespace,
                    "namespace_id": execution.server.namespace_id,
                    "workflow_id": child.workflow_id,
                    "workflow_type": child.workflow_type,
                    "cause": ALREADY_EXISTS,
                    "initiated_event_id": initiated_id,
                },
            )
            return
        execution.happened(
            "child_workflow_execution_started",
            {**self._about(initiated_id, child, child.run_id), "header": asked.header},
        )

    def _started(self, initiated_id: int, asked: Any) -> WorkflowExecutionStartedEventAttributes:
        execution = self._execution
        started = WorkflowExecutionStartedEventAttributes(
            workflow_type=asked.workflow_type,
            parent_workflow_namespace=execution.server.namespace,
            parent_workflow_namespace_id=execution.server.namespace_id,
            parent_workflow_execution=execution.execution,
            parent_initiated_event_id=initiated_id,
            task_queue=asked.task_queue,
            input=asked.input if asked.HasField("input") else None,
            workflow_execution_timeout=_if_set(asked, "workflow_execution_timeout"),
            workflow_run_timeout=asked.workflow_run_timeout,
            workflow_task_timeout=_if_set(asked, "workflow_task_timeout"),
            retry_policy=complete(asked.retry_policy) if asked.HasField("retry_policy") else None,
            attempt=1,
            memo=_if_set(asked, "memo"),
            search_attributes=_if_set(asked, "search_attributes"),
            header=asked.header,
            workflow_id=asked.workflow_id,
            root_workflow_execution=execution.root,
            priority=asked.priority,
        )
        if execution.started.HasField("time_skipping_config"):
            started.time_skipping_config.CopyFrom(execution.started.time_skipping_config)
        within = seconds(asked.workflow_execution_timeout)
        if within:
            started.workflow_execution_expiration_time.CopyFrom(timestamp(execution.clock.now() + within))
        return started

    def _about(self, initiated_id: int, child: ChildExecution, run_id: str) -> dict[str, Any]:
        return {
            "namespace": self._execution.server.namespace,
            "namespace_id": self._execution.server.namespace_id,
            "workflow_execution": WorkflowExecution(workflow_id=child.workflow_id, run_id=run_id),
            "workflow_type": child.workflow_type,
            "initiated_event_id": initiated_id,
        }

    def _closing(self, child: ChildExecution) -> Any:
        parent = self._execution

        def close() -> None:
            found = parent.server.open_chain(child.workflow_id, child.run_id)
            if found is None:
                return
            if child.policy == ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL:
                found.request_cancel({"external_workflow_execution": parent.execution, "identity": "history-service"})
            elif child.policy != ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON:
                found.terminate(reason="by parent close policy", identity="history-service")

        return close


def _if_set(asked: Any, name: str) -> Any:
    return getattr(asked, name) if asked.HasField(name) else None
