"""Where a data converter has neither codec nor storage, the SDK's questions about payloads do not reach the sandbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter, ExternalStorage, PayloadCodec, StorageDriver, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowRunner

from harness.library_internals.payload_contexts import without_contexts


class Codec(PayloadCodec):
    """Leaves everything as it is."""

    async def encode(self, payloads: Any) -> list[Payload]:
        """As it is."""
        return list(payloads)

    async def decode(self, payloads: Any) -> list[Payload]:
        """As it is."""
        return list(payloads)


class Driver(StorageDriver):
    """Stores nothing."""

    def name(self) -> str:
        """Its name."""
        return "nowhere"

    async def store(self, _context: Any, _payloads: Any) -> Any:
        """Not asked for."""
        raise NotImplementedError

    async def retrieve(self, _context: Any, _claims: Any) -> Any:
        """Not asked for."""
        raise NotImplementedError


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


@pytest.mark.parametrize(
    "converter",
    [
        pytest.param(replace(DataConverter.default, payload_codec=Codec()), id="codec"),
        pytest.param(
            replace(DataConverter.default, external_storage=ExternalStorage(drivers=[Driver()])), id="storage"
        ),
    ],
)
def test_a_codec_and_a_storage_are_told_what_a_payload_belongs_to(converter: DataConverter) -> None:
    """The runner stays as it is."""
    runner = Inner()

    assert without_contexts(runner, converter) is runner


def test_a_plain_converter_is_not_told() -> None:
    """The instance is not asked, and everything else reaches it."""
    details: Any = None
    instance: Any = without_contexts(Inner(), DataConverter.default).create_instance(details)

    assert instance.get_serialization_context(None) is None
    assert instance.get_external_store_context(None) == StorageDriverStoreContext(target=None)
    assert instance.activate("a task") == "a task"
