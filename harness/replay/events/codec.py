"""Recorded payloads through the worker's payload codec, so that they are as workflow code sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter

from harness.replay.events.values import payloads_in

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
