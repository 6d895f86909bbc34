"""Recorded payloads through the application's data converter, so that they are as workflow code sees them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic_core import to_jsonable_python
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter, DefaultFailureConverter, DefaultPayloadConverter

from harness.application_side.payloads import NOT_ENCODED, READABLE, decoded, messages_in, payloads_in
from harness.errors import HarnessError


async def readable(events: Sequence[HistoryEvent], converter: DataConverter) -> Sequence[HistoryEvent]:
    """Return the events with payloads that anybody can read who knows JSON; those given stay as they are.

    Besides what a codec has encoded, that is what a payload converter writes in an encoding of its own, and the message
    and the stack trace of a failure that the failure converter has put into a payload.

    Raises:
        HarnessError: The converter cannot read one.
    """
    if _is_default(converter):
        return events
    try:
        copies = await decoded(events, converter)
        if copies is events:
            copies = [_copy(event) for event in events]
        for event in copies:
            for failure in messages_in(event, Failure):
                _unpack(failure)
            for payload in payloads_in(event, without=NOT_ENCODED):
                _as_json(payload, converter)
    except Exception as error:
        raise HarnessError(f"the application's data converter cannot read a history: {error!r}") from error
    return copies


def _is_default(converter: DataConverter) -> bool:
    """Whether histories are readable as they are; most applications have nothing of their own."""
    return (
        converter.payload_codec is None
        and converter.payload_converter_class is DefaultPayloadConverter
        and converter.failure_converter_class is DefaultFailureConverter
    )


def _copy(event: HistoryEvent) -> HistoryEvent:
    copy = HistoryEvent()
    copy.CopyFrom(event)
    return copy


def _unpack(failure: Failure) -> None:
    """Put back what `DefaultFailureConverterWithEncodedAttributes` has taken out of a failure."""
    if failure.HasField("encoded_attributes"):
        attributes = json.loads(failure.encoded_attributes.data)
        failure.message = str(attributes.get("message", failure.message))
        failure.stack_trace = str(attributes.get("stack_trace", failure.stack_trace))


def _as_json(payload: Payload, converter: DataConverter) -> None:
    if payload.metadata.get("encoding", b"").decode(errors="replace") in READABLE:
        return
    [value] = converter.payload_converter.from_payloads([payload])
    payload.metadata["encoding"] = b"json/plain"
    payload.data = json.dumps(to_jsonable_python(value, fallback=repr)).encode()
