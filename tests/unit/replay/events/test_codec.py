"""Payloads through a codec, and scrubbed behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter, PayloadCodec

from harness import UsageError
from harness.application_side.payloads import decoded, payloads_in
from harness.replay.histories.scrub import Scrub
from tests.unit.replay.made_histories import activity, event, history, payload


class Backwards(PayloadCodec):
    """Encrypts badly, and refuses what it has not encrypted."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Turn them round."""
        return [hidden(one) for one in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Turn them back."""
        for one in payloads:
            assert one.metadata["encoding"] == b"binary/backwards", "it was never encoded"
        return [Payload.FromString(one.data[::-1]) for one in payloads]


def hidden(plain: Payload) -> Payload:
    """A payload as the codec writes it."""
    return Payload(metadata={"encoding": b"binary/backwards"}, data=plain.SerializeToString()[::-1])


def encoded() -> list[HistoryEvent]:
    """An activity, a local activity, a header that is encoded and one that is not, and a search attribute."""
    called = activity()
    said = called.activity_task_scheduled_event_attributes
    said.input.payloads[0].CopyFrom(hidden(payload("ada@example.com")))
    said.header.fields["plain"].CopyFrom(payload("trace-1"))
    said.header.fields["encoded"].CopyFrom(hidden(payload("trace-2")))
    local = event("MARKER_RECORDED", marker_name="core_local_activity")
    details = local.marker_recorded_event_attributes.details
    details["data"].payloads.add(data=json.dumps({"seq": 1, "activity_type": "say", "activity_id": "1"}).encode())
    details["result"].payloads.append(hidden(payload("hi ada")))
    events = history(called, local)
    started = events[0].workflow_execution_started_event_attributes
    started.search_attributes.indexed_fields["Customer"].CopyFrom(payload("ada"))
    started.memo.fields["email"].CopyFrom(hidden(payload("ada@example.com")))
    return events


def values(events: Sequence[HistoryEvent]) -> list[object]:
    """Every JSON value in the events."""
    found = [one for event in events for one in payloads_in(event)]
    return [json.loads(one.data) for one in found if one.metadata.get("encoding") == b"json/plain"]


CONVERTER = replace(DataConverter.default, payload_codec=Backwards())


def test_every_encoded_payload_is_decoded_and_no_other() -> None:
    """The SDK's core writes for itself, and search attributes never go through a codec."""
    events = encoded()
    plain = asyncio.run(decoded(events, CONVERTER))

    assert sorted(map(str, values(plain))) == [
        "ada",
        "ada@example.com",
        "ada@example.com",
        "hi ada",
        "trace-1",
        "trace-2",
    ]
    assert values(events) != values(plain), "the given events stay as they are"


def test_all_of_a_decoded_history_can_be_scrubbed() -> None:
    """A result of a local activity included; without the codec it is refused, and the option is named."""
    events = list(asyncio.run(decoded(encoded(), CONVERTER)))
    Scrub(everything=True).apply(events)

    assert not [one for one in values(events) if "ada" in str(one)]
    with pytest.raises(UsageError, match="--codec"):
        Scrub(everything=True).apply(encoded())
