"""Workflow runners around the SDK's own: what a workflow task is, and shortened timeouts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

from harness.library_internals.workflow_runner import DelegatingInstance, DelegatingRunner

_TOLD = {
    "initialize_workflow": "its start",
    "resolve_activity": "the answer of an activity",
    "fire_timer": "a timer",
    "signal_workflow": "a signal",
    "do_update": "an update",
    "resolve_child_workflow_execution_start": "the start of a child workflow",
    "resolve_child_workflow_execution": "the end of a child workflow",
    "resolve_signal_external_workflow": "a signal that it sent",
    "resolve_request_cancel_external_workflow": "a cancellation that it asked for",
    "resolve_nexus_operation_start": "the start of a Nexus operation",
    "resolve_nexus_operation": "the end of a Nexus operation",
}
"""What counts, by the SDK's names: these are as many in each run, however the server divides them into tasks."""


def hears_of(activation: Any) -> Iterator[str]:
    """Yield what a workflow hears of in one task, in words."""
    for job in activation.jobs:
        found = _TOLD.get(job.WhichOneof("variant") or "")
        if found is not None:
            yield found


def is_task(act: Any) -> bool:
    """Whether an activation is a workflow task that the code has not done yet, and no mere word to forget the run."""
    return not act.is_replaying and not all(job.HasField("remove_from_cache") for job in act.jobs)


class ShorteningRunner(DelegatingRunner):
    """Delegates everything to another runner, and has no attempt of an activity take or be silent for long.

    So that the next attempt of what a killed worker had begun starts soon. A replay does not compare such options.

    Args:
        inner: The runner that does the work.
        at_most: How long.
    """

    def __init__(self, inner: WorkflowRunner, *, at_most: timedelta) -> None:
        super().__init__(inner)
        self._at_most = at_most

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Wrap an instance of the inner runner's."""
        return _Shortening(self._inner.create_instance(det), self._at_most)


class _Shortening(DelegatingInstance):
    def __init__(self, inner: WorkflowInstance, at_most: timedelta) -> None:
        super().__init__(inner)
        self._at_most = at_most

    def activate(self, act: Any) -> Any:
        completion = self._inner.activate(act)
        for command in completion.successful.commands:
            if command.HasField("schedule_activity"):
                scheduled = command.schedule_activity
                shorten(scheduled, "heartbeat_timeout", self._at_most)
                if scheduled.HasField("start_to_close_timeout"):
                    shorten(scheduled, "start_to_close_timeout", self._at_most)
                else:
                    scheduled.start_to_close_timeout.FromTimedelta(self._at_most)
        return completion


def shorten(command: Any, name: str, at_most: timedelta) -> None:
    """Take a timeout of a command down to so much, if it has that timeout, and a longer one."""
    if command.HasField(name) and getattr(command, name).ToTimedelta() > at_most:
        getattr(command, name).FromTimedelta(at_most)
