"""Recorded payloads through the application's data converter, so that they are as workflow code sees them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from google.protobuf.message import Message
from pydantic_core import to_jsonable_python
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter, DefaultFailureConverter, DefaultPayloadConverter

from harness.errors import HarnessError

NOT_ENCODED = frozenset({"header", "search_attributes"})
"""Fields that the SDK does not pass through a codec by default."""

READABLE = frozenset({"binary/null", "binary/plain", "binary/protobuf", "json/plain", "json/protobuf", ""})
"""Encodings that the SDK's own converter reads; "" is how its core writes what is for itself."""


async def decoded(events: Sequence[HistoryEvent], converter: DataConverter) -> Sequence[HistoryEvent]:
    """Return the events with their payloads decoded; those given stay as they are."""
    codec = converter.payload_codec
    if codec is None:
        return events
    copies = []
    for event in events:
        copy = HistoryEvent()
        copy.CopyFrom(event)
        for payload in _encoded(copy):
            [plain] = await codec.decode([payload])
            payload.CopyFrom(plain)
        copies.append(copy)
    return copies


def _encoded(event: HistoryEvent) -> Iterator[Payload]:
    """Yield the payloads of an event that a codec has encoded."""
    if not event.HasField("marker_recorded_event_attributes"):
        yield from payloads_in(event, without=NOT_ENCODED)
        header = getattr(getattr(event, event.WhichOneof("attributes") or "", None), "header", None)
        # Workers may be configured to encode headers, too.
        for payload in () if header is None else payloads_in(header):
            if payload.metadata.get("encoding", b"").decode(errors="replace") not in READABLE:
                yield payload
        return
    marker = event.marker_recorded_event_attributes
    # The result of a local activity is the application's; the SDK's core writes the rest for itself.
    if "result" in marker.details:
        yield from marker.details["result"].payloads
    yield from payloads_in(marker.failure)


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
            for failure in _messages(event, Failure):
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


def payloads_in(message: Message, *, without: Collection[str] = ()) -> Iterator[Payload]:
    """Yield every payload in a message, at any depth, except in the fields of these names."""
    return _messages(message, Payload, without=without)


def _messages(message: Message, kind: type[Any], *, without: Collection[str] = ()) -> Iterator[Any]:
    """Yield every message of a kind in a message, at any depth, except in the fields of these names."""
    if isinstance(message, kind):
        yield message
    for field, value in message.ListFields():
        if field.message_type is None or field.name in without:
            continue
        if field.message_type.GetOptions().map_entry:
            if field.message_type.fields_by_name["value"].message_type is not None:
                for one in value.values():
                    yield from _messages(one, kind, without=without)
        elif isinstance(value, Message):
            yield from _messages(value, kind, without=without)
        else:
            for one in value:
                yield from _messages(one, kind, without=without)
