"""Signals and requests to cancel that a workflow sends to others."""

from __future__ import annotations

from collections.abc import Iterator

from temporalio.api.command.v1 import (
    RequestCancelExternalWorkflowExecutionCommandAttributes,
    SignalExternalWorkflowExecutionCommandAttributes,
)
from temporalio.api.common.v1 import Header, Payloads, WorkflowExecution
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent

from harness.library_internals.core_messages import (
    RequestCancelExternalWorkflowExecution,
    ResolveRequestCancelExternalWorkflow,
    ResolveSignalExternalWorkflow,
    SignalExternalWorkflowExecution,
    WorkflowActivationJob,
)
from harness.simulation.core.machine import Reaction, StateMachine, command


class SignalMachine(StateMachine):
    """One signal to another workflow.

    Args:
        asked: What the workflow asked for.
    """

    def __init__(self, asked: SignalExternalWorkflowExecution) -> None:
        self._asked = asked
        self._sent = False
        self._ended = False

    def send(self, namespace: str) -> Reaction:
        """Return the command that sends it."""
        asked, child = self._asked, self._asked.child_workflow_id
        to = asked.workflow_execution
        attributes = SignalExternalWorkflowExecutionCommandAttributes(
            namespace=namespace if child else to.namespace,
            execution=WorkflowExecution(workflow_id=child or to.workflow_id, run_id="" if child else to.run_id),
            signal_name=asked.signal_name,
            input=Payloads(payloads=asked.args) if asked.args else None,
            child_workflow_only=bool(child),
            header=Header(fields=asked.headers) if asked.headers else None,
        )
        return Reaction(commands=((command("signal_external_workflow_execution", attributes), self),))

    def cancel(self) -> Reaction:
        """Take it back, if it is not sent yet."""
        if self._sent or self._ended:
            return Reaction()
        self.dropped = self._ended = True
        failure = Failure(message="Signal was cancelled before being sent")
        failure.canceled_failure_info.SetInParent()
        return Reaction(jobs=(self._resolved(failure),))

    def recorded(self, event: HistoryEvent) -> None:
        """Take the event that it is on its way."""
        self._sent = bool(event.event_id)

    def heard(self, event: HistoryEvent) -> Iterator[WorkflowActivationJob]:
        """Take the event that it has arrived, or has not."""
        self._ended = True
        failed = event.HasField("signal_external_workflow_execution_failed_event_attributes")
        yield self._resolved(
            _no_target("Unable to signal external workflow because it was not found") if failed else None
        )

    def _resolved(self, failure: Failure | None) -> WorkflowActivationJob:
        return WorkflowActivationJob(
            resolve_signal_external_workflow=ResolveSignalExternalWorkflow(seq=self._asked.seq, failure=failure)
        )


class CancelMachine(StateMachine):
    """One request to another workflow to cancel.

    Args:
        asked: What the workflow asked for; None where it does not hear of the answer.
    """

    def __init__(self, asked: RequestCancelExternalWorkflowExecution | None) -> None:
        self._asked = asked

    def send(self, run_id: str) -> Reaction:
        """Return the command that sends it.

        Args:
            run_id: The run that asks.
        """
        assert self._asked is not None  # noqa: S101 - only those that are asked for are sent from here
        to = self._asked.workflow_execution
        attributes = RequestCancelExternalWorkflowExecutionCommandAttributes(
            namespace=to.namespace,
            workflow_id=to.workflow_id,
            run_id=to.run_id,
            reason=f"Cancel requested by workflow with run id {run_id} with reason: {self._asked.reason}",
        )
        return Reaction(commands=((command("request_cancel_external_workflow_execution", attributes), self),))

    def heard(self, event: HistoryEvent) -> Iterator[WorkflowActivationJob]:
        """Take the event that it has arrived, or has not."""
        if self._asked is None:
            return
        failed = event.HasField("request_cancel_external_workflow_execution_failed_event_attributes")
        failure = _no_target("Unable to cancel external workflow because not found") if failed else None
        yield WorkflowActivationJob(
            resolve_request_cancel_external_workflow=ResolveRequestCancelExternalWorkflow(
                seq=self._asked.seq, failure=failure
            )
        )


def _no_target(message: str) -> Failure:
    failure = Failure(message=message)
    failure.application_failure_info.type = "ExternalWorkflowExecutionNotFound"
    return failure
