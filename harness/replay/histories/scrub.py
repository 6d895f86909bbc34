"""Removes from a history what must not leave production, and keeps what its replay needs.

A removed value is replaced by one of its kind, so that code can still read it: a text by another one, equal texts by
equal ones, a date by the first of January 1970, a number by 1. A duration stays. Which text becomes which depends on a
key, so that nobody without it can find out a value by trying.
The payload's metadata has the paths of the replaced values, so that they are not reported as drift.
"""

from __future__ import annotations

import fnmatch
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, SearchAttributes
from temporalio.api.enums.v1 import TaskQueueKind
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent, MarkerRecordedEventAttributes
from temporalio.api.taskqueue.v1 import TaskQueue

from harness.errors import UsageError
from harness.redaction.key import LENGTH
from harness.redaction.redactor import Path, Redactor
from harness.redaction.rules import RedactRules
from harness.redaction.tokens import SCRUBBED, Tokens
from harness.replay.events.values import NOTE
from harness.replay.histories.fields import Decision, decision

_FORMS = "all, identity, field=NAME or type=NAME"

_PROTOCOL = frozenset({"encoding", "messageType", "type", NOTE})
"""Metadata of a payload that says how to read it."""

_SYSTEM = ("Temporal", "BuildIds")
"""How the names of search attributes begin that the SDK's core and the server set."""


@dataclass(frozen=True, kw_only=True)
class Scrub:
    """What is scrubbed.

    Attributes:
        everything: Every payload's values, and every text.
        fields: Globs: the values under these keys, at any depth, and the same texts elsewhere.
        types: Globs: every payload and text of these activity, workflow, signal and update types.
        removes: Whether worker identities, stack traces, links and the names of workers' own queues are removed.
        rules: What is a secret in any case.
        tokens: Makes what replaces a value.
    """

    everything: bool = False
    fields: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    removes: bool = True
    rules: RedactRules = field(default_factory=RedactRules)
    tokens: Tokens = field(
        default_factory=lambda: Tokens(secrets.token_bytes(LENGTH), mark=SCRUBBED, numbers=1), compare=False
    )

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

    def apply(self, events: Sequence[HistoryEvent], redactor: Redactor | None = None) -> Sequence[str]:
        """Scrub the events in place.

        Args:
            events: Those of one history.
            redactor: Knows secrets already, and learns those of this history; None for one that knows none.

        Returns:
            What has been kept although a secret may be in it: ids and names that a replay compares, such as
            "workflow_id of event 5", and payloads that need a codec.

        Raises:
            UsageError: A payload has an unknown encoding, so it cannot be scrubbed.
        """
        redactor = redactor or self.redactor()
        before = [_copy(event) for event in events]
        knew = redactor.learned
        kept = _Pass(self, redactor).over(events)
        if redactor.learned == knew:
            return kept
        # A secret that was met late may have been said early.
        for event, copy in zip(events, before, strict=True):
            event.CopyFrom(copy)
        return _Pass(self, redactor).over(events)

    def redactor(self) -> Redactor:
        """Return what replaces the values and texts of one history."""
        return Redactor(self.rules, self.tokens, named=self._meant)

    def _meant(self, name: str) -> bool:
        return any(fnmatch.fnmatchcase(name, one) for one in self.fields)

    def of_type(self, name: str) -> bool:
        """Whether everything of this activity, workflow, signal or update is scrubbed."""
        return self.everything or any(fnmatch.fnmatchcase(name, one) for one in self.types)


class _Pass:
    """Scrubs one history, once.

    Args:
        scrub: What is scrubbed.
        redactor: Replaces values and texts.
    """

    def __init__(self, scrub: Scrub, redactor: Redactor) -> None:
        self._scrub = scrub
        self._redactor = redactor
        self._kept: dict[str, None] = {}
        self._event = 0

    def over(self, events: Sequence[HistoryEvent]) -> Sequence[str]:
        """Scrub all events."""
        types: dict[int, str] = {}
        workflow = events[0].workflow_execution_started_event_attributes.workflow_type.name if events else ""
        for event in events:
            self._event = event.event_id
            attributes = getattr(event, event.WhichOneof("attributes") or "", None)
            about = workflow
            if attributes is not None:
                name = _type(attributes)
                if name:
                    types[event.event_id] = name
                about = name or types.get(_asked_by(attributes), workflow)
            self._message(event, whole=self._scrub.of_type(about))
        return list(self._kept)

    def _message(self, message: Message, *, whole: bool) -> None:
        for one, value in message.ListFields():
            if one.message_type is None:
                if one.cpp_type == FieldDescriptor.CPPTYPE_STRING:
                    self._words(message, one, value, whole=whole)
            elif one.message_type.GetOptions().map_entry:
                self._named(message, one, value, whole=whole)
            else:
                for below in [value] if isinstance(value, Message) else value:
                    self._below(below, whole=whole)

    def _below(self, message: Message, *, whole: bool) -> None:
        if isinstance(message, Payload):
            self._payload(message, whole=whole)
        elif isinstance(message, Failure):
            self._failure(message, whole=whole)
        else:
            if (
                isinstance(message, TaskQueue)
                and message.kind == TaskQueueKind.TASK_QUEUE_KIND_STICKY
                and self._scrub.removes
            ):
                # A worker's own queue is named after its host.
                message.ClearField("name")
            self._message(message, whole=whole)

    def _words(self, message: Message, one: FieldDescriptor, value: Any, *, whole: bool) -> None:
        what = decision(one)
        if what is Decision.REMOVED and self._scrub.removes:
            message.ClearField(one.name)
            return
        if what is Decision.KEPT:
            texts = [value] if isinstance(value, str) else [each for each in value if isinstance(each, str)]
            if any(self._redactor.text(each) != each for each in texts):
                self._kept[f"{one.name} of event {self._event}"] = None
            return
        if isinstance(value, str | bytes):
            setattr(message, one.name, self._text(value, whole=whole))
        else:
            value[:] = [self._text(each, whole=whole) for each in value]

    def _text(self, value: Any, *, whole: bool) -> Any:
        if isinstance(value, bytes):
            return self._redactor.data(value, whole=whole)
        return self._redactor.tokens.text(value) if whole and value else self._redactor.text(value)

    def _named(self, message: Message, one: FieldDescriptor, value: Any, *, whole: bool) -> None:
        """Scrub a map, whose keys are names."""
        if decision(one) is Decision.REMOVED and self._scrub.removes:
            message.ClearField(one.name)
            return
        for name in list(value):
            if isinstance(message, SearchAttributes) and name.startswith(_SYSTEM):
                continue
            if isinstance(message, MarkerRecordedEventAttributes) and _core(message) and name != "result":
                # What the SDK's core notes for itself is no payload of the application's.
                continue
            named = self._redactor.named(name)
            below = value[name]
            if isinstance(below, str):
                if named:
                    self._redactor.learn(below)
                value[name] = self._text(below, whole=whole or named)
            elif isinstance(below, Payload):
                self._payload(below, whole=whole, named=named)
            else:
                self._message(below, whole=whole or named)

    def _failure(self, failure: Failure, *, whole: bool) -> None:
        info = getattr(failure, failure.WhichOneof("failure_info") or "", None)
        # What an activity said is also in the failure of its workflow.
        name = "" if info is None else _type(info)
        whole = whole or bool(name and self._scrub.of_type(name))
        if failure.HasField("encoded_attributes"):
            self._encoded(failure, whole=whole)
        self._message(failure, whole=whole)

    def _encoded(self, failure: Failure, *, whole: bool) -> None:
        """Scrub the message and the stack trace that a failure converter has put into a payload."""
        payload = failure.encoded_attributes
        try:
            attributes = json.loads(payload.data)
            message, stack = attributes["message"], attributes["stack_trace"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        made = {
            **attributes,
            "message": self._text(str(message), whole=whole),
            "stack_trace": "" if self._scrub.removes else self._text(str(stack), whole=whole),
        }
        if made != attributes:
            payload.data = json.dumps(made).encode()
            # The message may be compared as a whole only.
            if made["message"] != message:
                payload.metadata[NOTE] = b'[["message"]]'

    def _payload(self, payload: Payload, *, whole: bool, named: bool = False) -> None:
        encoding = payload.metadata.get("encoding", b"").decode(errors="replace")
        if encoding == "binary/null":
            return
        for key in payload.metadata:
            if key not in _PROTOCOL:
                secret = whole or named or self._redactor.named(key)
                payload.metadata[key] = self._redactor.data(payload.metadata[key], whole=secret)
        if encoding.startswith("json/"):
            self._json(payload, whole=whole, named=named)
        elif encoding in {"binary/plain", "binary/protobuf"}:
            self._binary(payload, whole=whole or named)
        elif whole or self._scrub.fields:
            raise UsageError(
                f"a payload is encoded as {encoding!r} and cannot be scrubbed; name its codec with --codec."
            )
        elif encoding:
            self._kept[f"a payload of event {self._event}, encoded as {encoding!r}"] = None

    def _json(self, payload: Payload, *, whole: bool, named: bool) -> None:
        found: list[Path] = []
        try:
            found += [tuple(one) for one in json.loads(payload.metadata.get(NOTE, b"[]"))]
            before = len(found)
            value = self._redactor.value(json.loads(payload.data), whole=whole, named=named, found=found)
        except (ValueError, TypeError, RecursionError):
            # Not what its encoding says, or nested too deeply.
            self._binary(payload, whole=whole or named)
            return
        if len(found) > before:
            payload.data = json.dumps(value, separators=(",", ":")).encode()
            payload.metadata[NOTE] = json.dumps(list(dict.fromkeys(found))).encode()

    def _binary(self, payload: Payload, *, whole: bool) -> None:
        if not payload.data or (not whole and self._redactor.data(payload.data) == payload.data):
            return
        # A part of a binary message cannot be replaced by a text of another length.
        plain = payload.metadata["encoding"] == b"binary/plain" and not whole
        payload.data = self._redactor.data(payload.data) if plain else b""
        payload.metadata[NOTE] = b"[[]]"


def _copy(event: HistoryEvent) -> HistoryEvent:
    copy = HistoryEvent()
    copy.CopyFrom(event)
    return copy


def _core(marker: MarkerRecordedEventAttributes) -> bool:
    return marker.marker_name.startswith("core_")


def _type(attributes: Any) -> str:
    """The type that an event or a failure names, "" when it names none."""
    names = attributes.DESCRIPTOR.fields_by_name
    for one in ("activity_type", "workflow_type"):
        if one in names:
            return str(getattr(attributes, one).name)
    for one in ("signal_name", "operation"):
        if one in names:
            return str(getattr(attributes, one))
    for one in ("accepted_request", "rejected_request", "request"):
        if one in names:
            return str(getattr(attributes, one).input.name)
    return _local_activity(attributes) if "marker_name" in names else ""


def _local_activity(marker: MarkerRecordedEventAttributes) -> str:
    """The type of the local activity whose end a marker records."""
    if marker.marker_name != "core_local_activity" or "data" not in marker.details:
        return ""
    try:
        data = json.loads(marker.details["data"].payloads[0].data)
    except (ValueError, IndexError):
        return ""
    return str(data.get("activity_type", "")) if isinstance(data, Mapping) else ""


def _asked_by(attributes: Any) -> int:
    """The id of the event that asked for what an event answers, 0 when it answers none."""
    for one in ("scheduled_event_id", "initiated_event_id", "accepted_event_id"):
        if one in attributes.DESCRIPTOR.fields_by_name:
            return int(getattr(attributes, one))
    return 0
