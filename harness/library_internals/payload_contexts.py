"""Two questions that the SDK asks a workflow's instance, several times for each payload: what does it belong to?

`get_serialization_context` and `get_external_store_context`, read in `temporalio/worker/_workflow.py`. The answers are
for the codec and the external storage of the worker's data converter. Asked through the sandbox they are a fifth of a
worker's CPU (measured by tests/benchmarks/replay.py).

temporalio has external storage from 1.24 on, and asks for its context from 1.26 on.
"""

from __future__ import annotations

from typing import Any

from temporalio import converter as converters
from temporalio.converter import DataConverter
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

from harness.library_internals.workflow_runner import DelegatingInstance, DelegatingRunner


def without_contexts(runner: WorkflowRunner, converter: DataConverter) -> WorkflowRunner:
    """Return the same runner, spared the questions whose answers a data converter would not use.

    Args:
        runner: The runner that does the work.
        converter: The worker's.
    """
    if converter.payload_codec is not None or getattr(converter, "external_storage", None) is not None:
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


_NO_STORE = converters.StorageDriverStoreContext() if hasattr(converters, "StorageDriverStoreContext") else None
