"""Removes from a history what must not leave production, and keeps what its replay needs.

A removed value is replaced by one of its kind, so that code can still read it: a text by another one, equal texts by
equal ones, a date by the first of January 1970, a number by 1. A duration stays.
The payload's metadata has the paths of the replaced values, so that they are not reported as drift.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import TaskQueueKind
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.taskqueue.v1 import TaskQueue

from harness.errors import UsageError
from harness.replay.events.values import NOTE, SCRUBBED, Path
from harness.temporal.codec import payloads_in

_DURATION = re.compile(r"[-+]?P(?=.)(\d+[YMWD])*(T(\d+(\.\d+)?[HMS])+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|T| )")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_FORMS = "all, identity, field=NAME or type=NAME"


@dataclass(frozen=True, kw_only=True)
class Scrub:
    """What is scrubbed.

    Attributes:
        everything: Every payload's values, and every failure's message.
        fields: Globs: the values under these keys, at any depth.
        types: Globs: every payload of these activity, workflow, signal and update types.

    Worker identities, stack traces and the names of workers' own queues are always scrubbed.
    """

    everything: bool = False
    fields: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    @staticmethod
    def read(rules: Sequence[str]) -> Scrub | None:
        """Read the rules of the command line; None if there are none.

        Raises:
            UsageError: A rule is unknown; every problem at once.
        """
        problems = [
            f"--scrub {one!r} is unknown; possible: {_FORMS}."
            for one in rules
            if one not in {"all", "identity"} and not one.startswith(("field=", "type="))
        ]
        if problems:
            raise UsageError(*problems)
        if not rules:
            return None
        return Scrub(
            everything="all" in rules,
            fields=tuple(one.removeprefix("field=") for one in rules if one.startswith("field=")),
            types=tuple(one.removeprefix("type=") for one in rules if one.startswith("type=")),
        )

    def apply(self, events: Sequence[HistoryEvent]) -> None:
        """Scrub the events in place.

        Raises:
            UsageError: A payload has an unknown encoding, so it cannot be scrubbed.
        """
        scheduled: dict[int, str] = {}
        workflow = events[0].workflow_execution_started_event_attributes.workflow_type.name if events else ""
        for event in events:
            attributes = getattr(event, event.WhichOneof("attributes") or "", None)
            if attributes is None:
                continue
            name = _type(attributes)
            if name:
                scheduled[event.event_id] = name
            about = name or scheduled.get(_asked_by(attributes), workflow)
            whole = self.everything or any(fnmatch.fnmatchcase(about, one) for one in self.types)
            self._event(event, attributes, whole=whole)

    def _event(self, event: HistoryEvent, attributes: Any, *, whole: bool) -> None:
        for part in _messages(attributes):
            names = part.DESCRIPTOR.fields_by_name
            if "identity" in names:
                part.ClearField("identity")
            if isinstance(part, TaskQueue) and part.kind == TaskQueueKind.TASK_QUEUE_KIND_STICKY:
                # A worker's own queue is named after its host.
                part.ClearField("name")
            if isinstance(part, Failure):
                part.ClearField("stack_trace")
                if whole:
                    part.message = _text(part.message)
        for payload in _payloads(event, attributes):
            self._payload(payload, whole=whole)

    def _payload(self, payload: Payload, *, whole: bool) -> None:
        encoding = payload.metadata.get("encoding", b"").decode(errors="replace")
        if encoding == "binary/null" or not (whole or self.fields):
            return
        if not encoding.startswith("json/"):
            if not whole:
                return
            if encoding not in {"binary/plain", "binary/protobuf"}:
                raise UsageError(
                    f"a payload is encoded as {encoding!r} and cannot be scrubbed; name its codec with --codec."
                )
            payload.data = b""
            payload.metadata[NOTE] = b"[[]]"
            return
        found: list[Path] = []
        value = self._value(json.loads(payload.data), whole=whole, at=(), found=found)
        if found:
            payload.data = json.dumps(value, separators=(",", ":")).encode()
            payload.metadata[NOTE] = json.dumps(found).encode()

    def _value(self, value: Any, *, whole: bool, at: Path, found: list[Path]) -> Any:
        if isinstance(value, dict):
            return {
                key: self._value(one, whole=whole or self._meant(key), at=(*at, key), found=found)
                for key, one in value.items()
            }
        if isinstance(value, list):
            return [self._value(one, whole=whole, at=(*at, number), found=found) for number, one in enumerate(value)]
        if not whole or value is None or isinstance(value, bool):
            return value
        found.append(at)
        return _text(value) if isinstance(value, str) else type(value)(1)

    def _meant(self, key: str) -> bool:
        return any(fnmatch.fnmatchcase(key, one) for one in self.fields)


def _text(value: str) -> str:
    if not value or value.startswith(SCRUBBED) or _DURATION.fullmatch(value):
        return value
    if _DATE.match(value):
        return "1970-01-01" + value[10:]
    digest = hashlib.sha256(value.encode()).hexdigest()
    return str(UUID(digest[:32])) if _UUID.fullmatch(value) else SCRUBBED + digest[:10]


def _type(attributes: Any) -> str:
    """The type that an event names, "" when it names none."""
    for field in ("activity_type", "workflow_type"):
        if field in attributes.DESCRIPTOR.fields_by_name:
            return str(getattr(attributes, field).name)
    if "signal_name" in attributes.DESCRIPTOR.fields_by_name:
        return str(attributes.signal_name)
    if "accepted_request" in attributes.DESCRIPTOR.fields_by_name:
        return str(attributes.accepted_request.input.name)
    return ""


def _asked_by(attributes: Any) -> int:
    """The id of the event that asked for what an event answers, 0 when it answers none."""
    for field in ("scheduled_event_id", "initiated_event_id", "accepted_event_id"):
        if field in attributes.DESCRIPTOR.fields_by_name:
            return int(getattr(attributes, field))
    return 0


def _messages(message: Message) -> Iterator[Any]:
    yield message
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        for one in [value] if isinstance(value, Message) else value:
            yield from _messages(one)


def _payloads(event: HistoryEvent, attributes: Any) -> Iterator[Payload]:
    if event.HasField("marker_recorded_event_attributes"):
        # What the SDK's core notes for itself is no payload of the application's.
        for name, one in attributes.details.items():
            if name == "result":
                yield from one.payloads
        yield from payloads_in(attributes.failure)
        return
    for payload in payloads_in(attributes):
        # A date among the search attributes must stay one.
        if payload.metadata.get("type", b"") not in {b"Datetime", b"Int", b"Double", b"Bool"}:
            yield payload
