"""The shapes in which histories are published: JSON and protobuf, one or several in a file, wrapped or not.

Read are, besides what `WorkflowHistory.to_json()` and `temporal workflow show --output json` write: the server's
response `{"history": {...}}`, a list of events, a list of histories, one JSON value a line, the batch export of
Temporal Cloud (JSON and protobuf), and a `History` or a response in binary protobuf.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import ParseError
from google.protobuf.message import DecodeError
from temporalio.api.export.v1 import WorkflowExecutions
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryResponse
from temporalio.client import WorkflowHistory

from harness.replay.events.decode import NotAsExpected, events_of
from harness.replay.verdicts.judgement import NotJudged


class Unreadable(Exception):  # noqa: N818 - a state of a file
    """A file, or one history in it, cannot be replayed.

    Attributes:
        reason: What kind of problem it is.
    """

    def __init__(self, reason: NotJudged, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Events:
    """The events of one history.

    Attributes:
        events: All of them.
        workflow_id: The id that its file has beside the history, "" for none.
        run_id: Likewise.
    """

    events: Sequence[HistoryEvent]
    workflow_id: str = ""
    run_id: str = ""


def histories_in(raw: bytes, *, name: str) -> Sequence[Events | Unreadable]:
    """Return every history in a file's content, or why one of them cannot be read.

    Args:
        raw: The content, not compressed.
        name: The file's name, for messages.

    Raises:
        Unreadable: There is no history in it.
    """
    if not raw.strip():
        raise Unreadable(NotJudged.EMPTY, f"{name} is an empty file.")
    try:
        values: Sequence[Any] = [json.loads(raw)]
    except RecursionError as error:
        raise Unreadable(NotJudged.UNREADABLE, f"{name} is JSON nested too deeply to be a history.") from error
    except ValueError as error:
        found = _in_protobuf(raw)
        if found:
            return found
        values = _lines(raw, name)
        if not values:
            raise Unreadable(
                NotJudged.UNREADABLE,
                f"{name} is neither JSON nor a history in protobuf, or it is damaged. As JSON: {error}.",
            ) from error
    data = values[0] if len(values) == 1 else values
    found = [_parsed(one, name) if isinstance(one, Mapping) else one for one in _histories(data, name)]
    if not found:
        raise Unreadable(NotJudged.EMPTY, f"{name} holds no history: its list is empty.")
    return found


# --- JSON -------------------------------------------------------------------------------------------------------------


def _lines(raw: bytes, name: str) -> Sequence[Any]:
    """Return the values of JSON lines, with a damaged line as what is wrong with it; nothing if it is no such file."""
    lines = [line for line in raw.splitlines() if line.strip()]
    try:
        if len(lines) < 2 or not isinstance(json.loads(lines[0]), Mapping | list):
            return ()
    except (ValueError, RecursionError):
        return ()
    values: list[Any] = []
    for number, line in enumerate(lines, start=1):
        try:
            values.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            values.append(Unreadable(NotJudged.UNREADABLE, f"line {number} of {name} is not JSON: {error}."))
    return values


def _histories(data: Any, name: str) -> Iterator[Mapping[str, Any] | Unreadable]:
    """Yield the JSON object of each history, without its wrappers."""
    if isinstance(data, Unreadable):
        yield data
    elif isinstance(data, list) and data and all(map(_is_event, data)):
        yield {"events": data}
    elif isinstance(data, list):
        for one in data:
            yield from _histories(one, name)
    elif isinstance(data, Mapping) and "events" in data:
        yield data
    elif isinstance(data, Mapping) and (inner := next((data[one] for one in _WRAPPERS if one in data), None)):
        ids = {key: value for key, value in data.items() if isinstance(value, str)}
        for one in _histories(inner, name):
            yield {**ids, **one} if isinstance(one, Mapping) else one
    else:
        yield Unreadable(NotJudged.UNREADABLE, f"{name} is JSON, but no history: it has no list of events.")


_WRAPPERS = ("history", "items", "histories", "workflowExecutions")


def _is_event(value: Any) -> bool:
    return isinstance(value, Mapping) and not {"eventId", "event_id"}.isdisjoint(value)


def _parsed(data: Mapping[str, Any], name: str) -> Events | Unreadable:
    events = data["events"]
    if not isinstance(events, list):
        return Unreadable(NotJudged.UNREADABLE, f"{name} is JSON, but no history: it has no list of events.")
    if not events:
        return Unreadable(NotJudged.EMPTY, f"{name} has a history without events.")
    try:
        made = events_of(events)
    except (NotAsExpected, RecursionError):
        try:
            made = _by_the_sdk(events, name)
        except Unreadable as error:
            return error
    ids = {key: str(data.get(key) or "") for key in ("workflowId", "runId")}
    return Events(events=made, workflow_id=ids["workflowId"], run_id=ids["runId"])


def _by_the_sdk(events: list[Any], name: str) -> Sequence[HistoryEvent]:
    """Read them with the SDK's own reader, which knows older spellings but leaves out what it does not know."""
    if any(map(_is_decoded, events)):
        raise Unreadable(
            NotJudged.UNREADABLE,
            f"the payloads of {name} were decoded when it was downloaded, and cannot be replayed any more: "
            "download it again without decoding.",
        )
    try:
        return WorkflowHistory.from_json(name, {"events": events}).events
    except (ParseError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        words = re.sub(r"\s+", " ", str(error))[:300]
        raise Unreadable(NotJudged.UNREADABLE, f"{name} is no history: {words}.") from error


def _is_decoded(data: Any) -> bool:
    """Whether payloads in an event's JSON are values, and not what the server keeps."""
    if isinstance(data, list):
        return any(map(_is_decoded, data))
    if not isinstance(data, Mapping):
        return False
    if any(isinstance(data.get(key), list) for key in ("input", "result", "details")):
        return True
    payloads = data.get("payloads")
    if isinstance(payloads, list):
        return not all(map(_is_payload, payloads))
    return any(map(_is_decoded, data.values()))


def _is_payload(value: Any) -> bool:
    if not isinstance(value, Mapping) or not set(value) <= {"metadata", "data", "externalPayloads"}:
        return False
    metadata = value.get("metadata") or {}
    if not isinstance(metadata, Mapping):
        return False
    try:
        return b64decode(metadata.get("encoding", ""), validate=True).isascii()
    except (ValueError, TypeError):
        return False


# --- protobuf ---------------------------------------------------------------------------------------------------------


def _in_protobuf(raw: bytes) -> list[Events | Unreadable]:
    """Return the histories in a binary message, none if it is another message."""
    for found in (_one, _response, _export):
        try:
            histories = found(raw)
        except DecodeError:
            continue
        if histories and all(one.events and _begins(one.events[0]) for one in histories):
            return [Events(events=list(one.events)) for one in histories]
    return []


def _one(raw: bytes) -> list[History]:
    return [History.FromString(raw)]


def _response(raw: bytes) -> list[History]:
    return [GetWorkflowExecutionHistoryResponse.FromString(raw).history]


def _export(raw: bytes) -> list[History]:
    return [one.history for one in WorkflowExecutions.FromString(raw).items]


def _begins(event: HistoryEvent) -> bool:
    return event.event_id > 0 and bool(event.WhichOneof("attributes"))
