"""Runners and instances around the SDK's own: `WorkflowRunner`, `WorkflowInstance`, and what the SDK asks of them.

Read in `temporalio/worker/_workflow_instance.py`, `_workflow.py` and `workflow_sandbox/_runner.py`. A worker and a
replayer take a runner, but what a runner and its instances must answer is not documented, and grows: a new method is
added to the abstract classes, or is called without being there.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

_PREPARED: WeakSet[type] = WeakSet()
"""The workflow classes that a runner of this process has prepared."""


def prepare_once(runner: WorkflowRunner, definition: Any) -> None:
    """Let a runner prepare a workflow, unless one of this process has done so.

    In a sandbox that is an import of the workflow's module: a good part of what a short run costs, twice for each run,
    which has a worker and a replayer of its own. A class does not change in a process, and one that cannot be run
    after all fails its first task.
    """
    if definition.cls not in _PREPARED:
        runner.prepare_workflow(definition)
        _PREPARED.add(definition.cls)


class DelegatingRunner(WorkflowRunner):
    """Delegates everything to another runner.

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
    """Delegates everything to an instance of another runner.

    Args:
        inner: The instance that does the work.
    """

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
        # The same for instances.
        return getattr(self._inner, name)
