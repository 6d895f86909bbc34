"""What a worker process receives: by pickle where that can be, and else by import path."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter, PayloadCodec

from harness import Application, UsageError
from harness.workers.by_import_path import packed, unpacked
from scenarios.saga.workflow import BookTrip


class Locked(PayloadCodec):
    """Holds what cannot be pickled."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """As they are."""
        return [*payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """As they are."""
        return [*payloads]


CODEC = Locked()
CONVERTER = dataclasses.replace(DataConverter.default, payload_codec=Locked())


def application(converter: DataConverter) -> Application:
    """One with this data converter."""
    return Application(workflows=[BookTrip], data_converter=converter)


def test_a_converter_that_cannot_be_pickled_is_imported() -> None:
    """The other process has its own, made by its own import."""
    assert unpacked(packed(application(CONVERTER))).data_converter is CONVERTER


def test_so_is_a_codec_alone() -> None:
    """Of a converter that is made on the spot."""
    made = dataclasses.replace(DataConverter.default, payload_codec=CODEC)

    assert unpacked(packed(application(made))).data_converter.payload_codec is CODEC


def test_the_default_is_pickled() -> None:
    """Nothing has to be looked for."""
    sent = unpacked(packed(application(DataConverter.default)))

    assert sent.workflows == [BookTrip]
    assert sent.data_converter.payload_codec is None


def test_what_cannot_be_found_is_refused() -> None:
    """With what to do."""
    made = dataclasses.replace(DataConverter.default, payload_codec=Locked())

    with pytest.raises(UsageError, match="its data converter at the top level of a module"):
        packed(application(made))
