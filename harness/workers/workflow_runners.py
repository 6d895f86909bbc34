"""Workflow runners around the SDK's own: they delegate, spare it questions, shorten timeouts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from weakref import WeakSet

from temporalio.converter import DataConverter, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

_FIT: WeakSet[type] = WeakSet()
"""The workflow classes that a runner of this process has found fit."""


def prepare_once(runner: WorkflowRunner, definition: Any) -> None:
    """Have a runner look whether it can run a workflow, unless one of this process has done so.

    In a sandbox that is an import of the workflow's module: a good part of what a short run costs, twice for each run,
    which has a worker and a replayer of its own. A class does not change in a process, and one that cannot be run
    after all fails its first task.
    """
    if definition.cls not in _FIT:
        runner.prepare_workflow(definition)
        _FIT.add(definition.cls)


class DelegatingRunner(WorkflowRunner):
    """Leaves everything to another runner.

    Args:
        inner: The runner that does the work, the sandboxed one for instance.
    """

    def __init__(self, inner: WorkflowRunner) -> None:
        self._inner = inner

    def prepare_workflow(self, defn: Any) -> None:
        """As the inner runner does, the first time."""
        prepare_once(self._inner, defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """As the inner runner does."""
        return self._inner.create_instance(det)

    def set_worker_level_failure_exception_types(self, types: Any) -> None:
        """As the inner runner does."""
        self._inner.set_worker_level_failure_exception_types(types)

    def __getattr__(self, name: str) -> Any:
        # The SDK asks runners for more than their abstract class says.
        return getattr(self._inner, name)


class DelegatingInstance(WorkflowInstance):
    """Leaves everything to an instance of another runner's."""

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner

    def activate(self, act: Any) -> Any:
        """As the inner instance does."""
        return self._inner.activate(act)

    def get_serialization_context(self, command_info: Any) -> Any:
        """As the inner instance does."""
        return self._inner.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        """As the inner instance does."""
        return self._inner.get_external_store_context(command_info)

    def get_info(self) -> Any:
        """As the inner instance does."""
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        """As the inner instance does."""
        return self._inner.get_thread_id()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def without_contexts(runner: WorkflowRunner, converter: DataConverter) -> WorkflowRunner:
    """Return the same runner, spared the questions whose answers a data converter would not use.

    The SDK asks a workflow's instance, several times a payload, what the payload belongs to, for the codec and the
    external storage of the worker's converter. Asked through the sandbox, that is a fifth of a worker's CPU
    (measured by tests/benchmarks/replay.py); where there is neither, nobody looks at the answer.

    Args:
        runner: The runner that does the work.
        converter: The worker's.
    """
    if converter.payload_codec is not None or converter.external_storage is not None:
        return runner
    return _ContextlessRunner(runner)


class _ContextlessRunner(DelegatingRunner):
    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _Contextless(self._inner.create_instance(det))


class _Contextless(DelegatingInstance):
    def get_serialization_context(self, _command_info: Any) -> Any:
        return None

    def get_external_store_context(self, _command_info: Any) -> Any:
        return _NO_STORE


_NO_STORE = StorageDriverStoreContext(target=None)


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

    So that what a killed worker had begun is soon begun anew. A replay does not compare such options.

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
