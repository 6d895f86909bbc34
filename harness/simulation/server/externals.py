"""Signals and requests to cancel that a workflow sends to other workflows."""

from __future__ import annotations

from typing import Any

from temporalio.api.enums.v1 import (
    CancelExternalWorkflowExecutionFailedCause,
    SignalExternalWorkflowExecutionFailedCause,
)

from harness.simulation.latency import HOP
from harness.simulation.server.owner import ExecutionView

NO_TARGET = "_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND"
NOT_SIGNALLED = SignalExternalWorkflowExecutionFailedCause.Value(f"SIGNAL_EXTERNAL_WORKFLOW_EXECUTION{NO_TARGET}")
NOT_CANCELLED = CancelExternalWorkflowExecutionFailedCause.Value(f"CANCEL_EXTERNAL_WORKFLOW_EXECUTION{NO_TARGET}")


class Externals:
    """What one execution sends to others.

    Args:
        execution: Which.
    """

    def __init__(self, execution: ExecutionView) -> None:
        self._execution = execution
        self._on_their_way: set[int] = set()

    @property
    def any_open(self) -> bool:
        """Whether something is on its way: time is not skipped then."""
        return bool(self._on_their_way)

    def signal(self, asked: Any, completed_id: int) -> None:
        """Signal another workflow."""
        initiated = self._initiated(
            "signal_external_workflow_execution_initiated",
            asked.execution,
            completed_id,
            signal_name=asked.signal_name,
            input=asked.input if asked.HasField("input") else None,
            child_workflow_only=asked.child_workflow_only,
            header=asked.header if asked.HasField("header") else None,
        )

        def deliver(target: ExecutionView) -> None:
            target.signal(
                {
                    "signal_name": asked.signal_name,
                    "input": asked.input if asked.HasField("input") else None,
                    "identity": "history-service",
                    "header": asked.header if asked.HasField("header") else None,
                    "external_workflow_execution": self._execution.execution,
                    "request_id": f"signal-{self._execution.run_id}-{initiated}",
                }
            )

        self._send(
            initiated,
            asked.execution,
            only_child=asked.child_workflow_only,
            deliver=deliver,
            done="external_workflow_execution_signaled",
            failed=("signal_external_workflow_execution_failed", NOT_SIGNALLED),
        )

    def cancel(self, asked: Any, completed_id: int) -> None:
        """Ask another workflow to cancel."""
        to = self._execution.execution
        to.workflow_id, to.run_id = asked.workflow_id, asked.run_id
        initiated = self._initiated(
            "request_cancel_external_workflow_execution_initiated",
            to,
            completed_id,
            child_workflow_only=asked.child_workflow_only,
            reason=asked.reason,
        )

        def deliver(target: ExecutionView) -> None:
            target.request_cancel(
                {
                    "cause": asked.reason,
                    "external_initiated_event_id": initiated,
                    "external_workflow_execution": self._execution.execution,
                    "identity": "history-service",
                }
            )

        self._send(
            initiated,
            to,
            only_child=asked.child_workflow_only,
            deliver=deliver,
            done="external_workflow_execution_cancel_requested",
            failed=("request_cancel_external_workflow_execution_failed", NOT_CANCELLED),
        )

    def drop(self) -> None:
        """Forget what is on its way: the execution has closed, and nobody hears of it."""
        self._on_their_way.clear()

    def _initiated(self, name: str, to: Any, completed_id: int, **attributes: Any) -> int:
        server = self._execution.server
        event = self._execution.history.write(
            name,
            {
                "workflow_task_completed_event_id": completed_id,
                "namespace": server.namespace,
                "namespace_id": server.namespace_id,
                "workflow_execution": to,
                **attributes,
            },
        )
        self._on_their_way.add(event.event_id)
        return event.event_id

    def _send(
        self, initiated: int, to: Any, *, only_child: bool, deliver: Any, done: str, failed: tuple[str, Any]
    ) -> None:
        execution = self._execution

        def arrive() -> None:
            # A server drops what a workflow sends in the task in which it closes.
            if execution.closed or initiated not in self._on_their_way:
                return
            self._on_their_way.discard(initiated)
            target = execution.server.open_chain(to.workflow_id, to.run_id)
            if target is not None and only_child and not self._is_parent_of(target):
                target = None
            about = {
                "initiated_event_id": initiated,
                "namespace": execution.server.namespace,
                "namespace_id": execution.server.namespace_id,
                "workflow_execution": to,
            }
            if target is None:
                name, cause = failed
                execution.happened(name, {**about, "cause": cause})
            else:
                deliver(target)
                execution.happened(done, about)

        execution.clock.soon(HOP, arrive)

    def _is_parent_of(self, target: ExecutionView) -> bool:
        return bool(target.started.parent_workflow_execution.workflow_id == self._execution.workflow_id)
