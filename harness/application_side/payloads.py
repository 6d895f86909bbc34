"""The payloads of events, decoded by the application's codec."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter

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


def payloads_in(message: Message, *, without: Collection[str] = ()) -> Iterator[Payload]:
    """Yield every payload in a message, at any depth, except in the fields of these names."""
    return messages_in(message, Payload, without=without)


def messages_in(message: Message, kind: type[Any], *, without: Collection[str] = ()) -> Iterator[Any]:
    """Yield every message of a kind in a message, at any depth, except in the fields of these names."""
    if isinstance(message, kind):
        yield message
    for field, value in message.ListFields():
        if field.message_type is None or field.name in without:
            continue
        if field.message_type.GetOptions().map_entry:
            if field.message_type.fields_by_name["value"].message_type is not None:
                for one in value.values():
                    yield from messages_in(one, kind, without=without)
        elif isinstance(value, Message):
            yield from messages_in(value, kind, without=without)
        else:
            for one in value:
                yield from messages_in(one, kind, without=without)
