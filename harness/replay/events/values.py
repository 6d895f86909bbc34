"""The contents of commands and recorded events as plain JSON values, so that the two can be compared."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, RetryPolicy
from temporalio.api.failure.v1 import Failure
from temporalio.api.sdk.v1 import UserMetadata

from harness.redaction.tokens import MARKS, SCRUBBED

NOTE = "harness-scrubbed"
"""The metadata key of a scrubbed payload: the paths of the replaced values, as JSON."""

Path = tuple[str | int, ...]


def plain(payload: Payload) -> Any:
    """Return a payload's value: JSON as data, null as None, anything else by its encoding and its bytes.

    A scrubbed value is replaced by the mark `SCRUBBED`.
    """
    value = _plain(payload)
    for path in json.loads(payload.metadata.get(NOTE, b"[]")):
        value = _marked(value, path)
    return value


def _marked(value: Any, path: Sequence[Any]) -> Any:
    if not path or not isinstance(value, dict | list):
        return SCRUBBED
    value[path[0]] = _marked(value[path[0]], path[1:])
    return value


def _plain(payload: Payload) -> Any:
    encoding = payload.metadata.get("encoding", b"").decode(errors="replace")
    if encoding == "binary/null":
        return None
    if encoding.startswith("json/"):
        try:
            return json.loads(payload.data)
        except (ValueError, RecursionError):
            pass
    return {"encoding": encoding, "base64": base64.b64encode(payload.data).decode()}


def plain_all(payloads: Iterable[Payload]) -> list[Any]:
    """Return the values of several payloads, in order."""
    return [plain(one) for one in payloads]


def plain_map(payloads: Mapping[str, Payload]) -> dict[str, Any]:
    """Return the values of named payloads, such as a memo's."""
    return {name: plain(one) for name, one in payloads.items()}


def duration(value: Duration) -> int:
    """Return a duration in nanoseconds; 0 means none, as in the protocol."""
    return value.seconds * 10**9 + value.nanos


def retry(policy: RetryPolicy) -> dict[str, Any]:
    """Return a retry policy with the server's defaults (DEF-001)."""
    initial = duration(policy.initial_interval) or 10**9
    return {
        "initial_interval": initial,
        "backoff_coefficient": policy.backoff_coefficient or 2.0,
        "maximum_interval": duration(policy.maximum_interval) or 100 * initial,
        "maximum_attempts": policy.maximum_attempts,
        "non_retryable_error_types": sorted(policy.non_retryable_error_types),
    }


def failure(value: Failure) -> dict[str, Any]:
    """Return a failure with its causes, without stack traces."""
    kind = value.WhichOneof("failure_info")
    said: dict[str, Any] = {"message": value.message}
    if value.HasField("encoded_attributes"):
        encoded = plain(value.encoded_attributes)
        said["message"] = encoded.get("message") if isinstance(encoded, Mapping) else encoded
    if kind == "application_failure_info":
        info = value.application_failure_info
        said |= {
            "type": info.type,
            "non_retryable": info.non_retryable,
            "details": plain_all(info.details.payloads),
        }
    elif kind is not None:
        said["kind"] = kind.removesuffix("_failure_info")
    if value.HasField("cause"):
        said["cause"] = failure(value.cause)
    return said


def metadata(value: UserMetadata) -> dict[str, Any]:
    """Return the summary and the details that the UI shows."""
    told = {"summary": value.summary, "details": value.details}
    return {name: plain(one) for name, one in told.items() if one.ByteSize()}


def differences(recorded: Any, now: Any, at: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Yield each place where two values differ, with both; what was scrubbed equals everything.

    That includes a text with a part that was scrubbed: code that is given one may put it into its own commands.
    """
    if any(isinstance(one, str) and mark in one for one in (recorded, now) for mark in MARKS):
        return
    if isinstance(recorded, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*recorded, *now)):
            yield from differences(recorded.get(key, ABSENT), now.get(key, ABSENT), (*at, key))
    elif isinstance(recorded, list) and isinstance(now, list):
        for index in range(max(len(recorded), len(now))):
            yield from differences(_item(recorded, index), _item(now, index), (*at, index))
    elif type(recorded) is not type(now) or recorded != now:
        # By type, too: in Python 1 equals True and 1.0, in JSON they differ.
        yield at, recorded, now


class _Absent:
    def __repr__(self) -> str:
        return "(nothing)"


ABSENT = _Absent()
"""The side of a difference that has no value."""


def _item(values: Sequence[Any], index: int) -> Any:
    return values[index] if index < len(values) else ABSENT


def path_text(path: Path) -> str:
    """Return "input[0].amount" for its parts."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def as_data(message: Message) -> dict[str, Any]:
    """Return all fields of a message, its payloads as values."""
    return {field.name: _data(field, value) for field, value in message.ListFields()}


def _data(field: Any, value: Any) -> Any:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return {str(key): _one(one) for key, one in value.items()}
    if isinstance(value, Message | str | bytes | bool | int | float):
        return _one(value)
    return [_one(one) for one in value]


def _one(value: Any) -> Any:
    if isinstance(value, Payload):
        return plain(value)
    if isinstance(value, Failure):
        return failure(value)
    if isinstance(value, Duration):
        return f"{duration(value) / 10**9:g} s"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return as_data(value) if isinstance(value, Message) else value
