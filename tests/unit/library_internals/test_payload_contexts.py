"""Where a data converter has neither codec nor storage, the SDK's questions about payloads do not reach the sandbox."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio import converter as converters
from temporalio.converter import DataConverter
from temporalio.worker import WorkflowInstance, WorkflowRunner

from harness.library_internals.payload_contexts import without_contexts


class Inner(WorkflowRunner):
    """Makes instances that refuse to say what a payload belongs to."""

    def prepare_workflow(self, _defn: Any) -> None:
        """Nothing to do."""

    def create_instance(self, _det: Any) -> Any:
        """One that answers nothing."""
        return Instance()

    def set_worker_level_failure_exception_types(self, _types: Any) -> None:
        """Nothing to do."""


class Instance(WorkflowInstance):
    """Says nothing."""

    def activate(self, act: Any) -> Any:
        """What it was given."""
        return act

    def get_serialization_context(self, _command_info: Any) -> Any:
        """Not to be asked."""
        raise AssertionError

    def get_external_store_context(self, _command_info: Any) -> Any:
        """Not to be asked."""
        raise AssertionError

    def get_info(self) -> Any:
        """Nothing."""

    def get_thread_id(self) -> int | None:
        """No thread."""
        return None


@pytest.mark.parametrize("what", ["payload_codec", "external_storage"])
def test_a_codec_and_a_storage_learn_what_a_payload_belongs_to(what: str) -> None:
    """The runner stays as it is."""
    runner, converter = Inner(), SimpleNamespace(payload_codec=None, external_storage=None)
    setattr(converter, what, object())

    assert without_contexts(runner, cast("DataConverter", converter)) is runner


def test_a_plain_converter_is_not_told() -> None:
    """The instance is not asked, and everything else reaches it."""
    details: Any = None
    # An SDK without external storage does not ask for it.
    no_store = getattr(converters, "StorageDriverStoreContext", lambda: None)()
    instance: Any = without_contexts(Inner(), DataConverter.default).create_instance(details)

    assert instance.get_serialization_context(None) is None
    assert instance.get_external_store_context(None) == no_store
    assert instance.activate("a task") == "a task"
