"""A history with something in every field that Temporal's API has."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from harness.replay.histories.fields import Decision, decision

Say = Callable[[str, FieldDescriptor], str]
"""Returns what a field says, for a secret that is of it alone."""

DEEP = 1
"""How many failures stand behind each other."""


def kinds() -> list[str]:
    """The fields of `HistoryEvent` that hold the attributes of an event type, a field each."""
    oneof = HistoryEvent.DESCRIPTOR.oneofs_by_name["attributes"]
    return [one.name for one in oneof.fields]


class Planted:
    """Events with a secret in every field.

    Args:
        named: What holds a payload's secret is called like this.
        words: Makes a text of a secret; the secret itself by default.
        everywhere: Whether what `--scrub` removes also gets such a text.

    Attributes:
        events: One of each type.
        hidden: The secrets, by where they are: those that may not be found afterwards.
        kept: The secrets in fields that a replay needs.
    """

    def __init__(
        self, *, named: str = "note", words: Callable[[str], str] = lambda secret: secret, everywhere: bool = False
    ) -> None:
        self.hidden: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self._named = named
        self._words = words
        self._everywhere = everywhere
        self._numbers = count(1)
        self._turns: dict[str, int] = {}
        self.events = [self._event(number, name) for number, name in enumerate(kinds(), start=1)]

    def _event(self, number: int, attributes: str) -> HistoryEvent:
        kind = EventType.Value("EVENT_TYPE_" + attributes.removesuffix("_event_attributes").upper())
        event = HistoryEvent(event_id=number, event_type=kind)
        event.event_time.seconds = 1_800_000_000 + number
        for field in event.DESCRIPTOR.fields:
            if field.containing_oneof is None or field.name == attributes:
                self._fill(event, field, at=attributes.removesuffix("_event_attributes"), deep=0)
        return event

    def _secret(self, at: str, *, kept: bool = False) -> str:
        secret = f"{'Kept' if kept else 'Zq'}{next(self._numbers):05}-s3cr\u00e9t-{len(at):03}w"
        (self.kept if kept else self.hidden)[f"{at}#{len(self.kept) + len(self.hidden)}"] = secret
        return secret

    def _fill(self, message: Message, field: Any, *, at: str, deep: int) -> None:
        here = f"{at}.{field.name}"
        kind = field.message_type
        if kind is None:
            if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
                value = self._said(here, field)
                if field.is_repeated:
                    getattr(message, field.name).append(value)
                else:
                    setattr(message, field.name, value)
        elif kind.GetOptions().map_entry:
            self._map(message, field, here)
        elif kind.full_name.startswith("google."):
            pass
        elif field.is_repeated:
            self._below(getattr(message, field.name).add(), at=here, deep=deep)
        else:
            inner = getattr(message, field.name)
            inner.SetInParent()
            self._below(inner, at=here, deep=deep)

    def _said(self, at: str, field: FieldDescriptor) -> Any:
        kept = decision(field) is Decision.KEPT
        secret = self._secret(at, kept=kept)
        bare = kept or (decision(field) is Decision.REMOVED and not self._everywhere)
        text = secret if bare else self._words(secret)
        return text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text

    def _map(self, message: Message, field: FieldDescriptor, at: str) -> None:
        values = getattr(message, field.name)
        entry: Any = field.message_type
        value = entry.fields_by_name["value"]
        if field.name == "details":
            # Of a marker: the core's own, as another SDK's has no names that are known.
            values["result"].payloads.append(self._payload(at))
        elif value.message_type is None:
            values[self._named] = self._secret(at)
        elif value.message_type.full_name.endswith("Payloads"):
            values[self._named].payloads.append(self._payload(at))
        else:
            values["Own"].CopyFrom(self._payload(at))
            # The name is the map's; the value is a text.
            values[self._named].CopyFrom(self._payload(at, bare=True))

    def _payload(self, at: str, *, bare: bool = False) -> Payload:
        data: Any = self._secret(at) if bare else {"deep": [{self._named: self._secret(at)}], "x": 1}
        return Payload(
            metadata={"encoding": b"json/plain", self._named: self._secret(at).encode()}, data=json.dumps(data).encode()
        )

    def _below(self, message: Message, *, at: str, deep: int) -> None:
        if isinstance(message, Payload):
            message.CopyFrom(self._payload(at))
            return
        chosen: dict[str, str] = {}
        for field in message.DESCRIPTOR.fields:
            if field.containing_oneof is not None and not field.has_presence:
                continue
            oneof = field.containing_oneof
            if oneof is not None and len(oneof.fields) > 1:
                # Each alternative in its turn.
                if oneof.full_name not in chosen:
                    turn = self._turns[oneof.full_name] = self._turns.get(oneof.full_name, -1) + 1
                    chosen[oneof.full_name] = oneof.fields[turn % len(oneof.fields)].name
                if field.name != chosen[oneof.full_name]:
                    continue
            if field.name == "cause" and message.DESCRIPTOR.name == "Failure" and deep >= DEEP:
                continue
            self._fill(message, field, at=at, deep=deep + (message.DESCRIPTOR.name == "Failure"))
