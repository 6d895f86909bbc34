"""Histories are read as the application's own code sees its values, whatever it makes of them on the wire."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import (
    HistoryEvent,
    WorkflowExecutionCompletedEventAttributes,
    WorkflowExecutionFailedEventAttributes,
)
from temporalio.client import WorkflowHistory
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    EncodingPayloadConverter,
    PayloadCodec,
)
from temporalio.exceptions import ApplicationError

from harness.errors import HarnessError
from harness.evidence.history import Ending, read_history
from harness.temporal.codec import readable


class Reversed(PayloadCodec):
    """Turns payloads around, and refuses what it has not turned around."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Around."""
        return [Payload(metadata={"encoding": b"reversed"}, data=one.SerializeToString()[::-1]) for one in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """And back."""
        assert all(one.metadata["encoding"] == b"reversed" for one in payloads)
        return [Payload.FromString(one.data[::-1]) for one in payloads]


class Comma(EncodingPayloadConverter):
    """Writes tuples in an encoding of its own."""

    encoding = "text/comma"

    def to_payload(self, value: Any) -> Payload | None:
        """Only tuples."""
        if not isinstance(value, tuple):
            return None
        return Payload(metadata={"encoding": b"text/comma"}, data=",".join(value).encode())

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The tuple."""
        return tuple(payload.data.decode().split(","))


class Commas(CompositePayloadConverter):
    """The default one, and tuples."""

    def __init__(self) -> None:
        super().__init__(Comma(), *DefaultPayloadConverter().converters.values())


CODEC = dataclasses.replace(DataConverter.default, payload_codec=Reversed())


async def ending(converter: DataConverter, event: HistoryEvent) -> Ending:
    """How a workflow ended that recorded this event last."""
    event.event_id = 1
    event.event_time.GetCurrentTime()
    events = await readable([event], converter)
    data = WorkflowHistory("trip", list(events)).to_json_dict()
    return read_history(data, workflow_id="trip", run_id="1").outcome


async def completed(converter: DataConverter, value: Any) -> HistoryEvent:
    """The event of a workflow that returned this."""
    attributes = WorkflowExecutionCompletedEventAttributes(result=Payloads(payloads=await converter.encode([value])))
    return HistoryEvent(event_type=2, workflow_execution_completed_event_attributes=attributes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("converter", "value", "read"),
    [
        (DataConverter.default, {"total": 3}, {"total": 3}),
        (CODEC, {"total": 3}, {"total": 3}),
        (dataclasses.replace(DataConverter.default, payload_converter_class=Commas), ("a", "b"), ["a", "b"]),
        (dataclasses.replace(CODEC, payload_converter_class=Commas), ("a", "b"), ["a", "b"]),
    ],
    ids=["default", "codec", "converter", "both"],
)
async def test_a_result_is_read(converter: DataConverter, value: Any, read: Any) -> None:
    """The event that the server recorded stays as it is, for a replay."""
    event = await completed(converter, value)
    before = event.SerializeToString()
    ended = await ending(converter, event)

    assert ended.result == read
    event.ClearField("event_id")
    event.ClearField("event_time")
    assert event.SerializeToString() == before


@pytest.mark.parametrize("codec", [None, Reversed()], ids=["plain", "encoded"])
async def test_a_failure_with_encoded_attributes_is_read(codec: PayloadCodec | None) -> None:
    """Its message, which the server has as "Encoded failure", and its details."""
    converter = dataclasses.replace(
        DataConverter.default, failure_converter_class=DefaultFailureConverterWithEncodedAttributes, payload_codec=codec
    )
    failure = Failure()
    await converter.encode_failure(ApplicationError("no seats", {"left": 0}, type="Declined"), failure)
    attributes = WorkflowExecutionFailedEventAttributes(failure=failure)
    event = HistoryEvent(event_type=3, workflow_execution_failed_event_attributes=attributes)  # type: ignore[arg-type]
    ended = await ending(converter, event)

    assert failure.message == "Encoded failure"
    assert ended.failure is not None
    assert (ended.failure.message, ended.failure.details) == ("no seats", ({"left": 0},))


async def test_what_the_codec_cannot_read_is_an_error_of_its_own() -> None:
    """It names what went wrong, and blames no workflow."""
    event = await completed(DataConverter.default, 3)

    with pytest.raises(HarnessError, match="data converter cannot read a history: AssertionError"):
        await ending(CODEC, event)
