"""Reads histories from JSON, several times faster than `google.protobuf.json_format`.

A field's converter is found once for its message type, and the message is built by its own constructor. What is not
exactly as `WorkflowHistory.to_json()` and the server's JSON write it raises `NotAsExpected`; the SDK's own reader,
which knows the spellings of older tools and has the words for what is wrong, is then to be asked.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message_factory import GetMessageClass
from temporalio.api.history.v1 import HistoryEvent


class NotAsExpected(Exception):  # noqa: N818 - not an error, but a reason to use the slow reader
    """The JSON has another form than the server's, or is not a history."""


def events_of(data: Any) -> Sequence[HistoryEvent]:
    """Make the events of a history's JSON data.

    Args:
        data: The list of events.

    Raises:
        NotAsExpected: Something in it is not known here; nothing is left out silently.
    """
    read = _message(HistoryEvent.DESCRIPTOR)
    try:
        return [HistoryEvent(**read(one)) for one in data]
    except (KeyError, ValueError, TypeError, AttributeError, ParseError) as error:
        raise NotAsExpected(repr(error)) from error


Convert: TypeAlias = Callable[[Any], Any]


@cache
def _message(kind: Descriptor) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return what turns a message's JSON into its constructor's arguments."""
    fields: dict[str, tuple[str, Convert]] = {}

    def read(data: Mapping[str, Any]) -> dict[str, Any]:
        made = {}
        for name, value in data.items():
            field, convert = fields[name]
            made[field] = convert(value)
        return made

    # A message may contain itself, so its fields are filled in when it is first read.
    def filled(data: Mapping[str, Any]) -> dict[str, Any]:
        if not fields:
            fields.update({one.json_name: (one.name, _field(one)) for one in kind.fields})
        return read(data)

    return filled


def _field(field: FieldDescriptor) -> Convert:
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        key, value = _one(entry.fields_by_name["key"]), _made(entry.fields_by_name["value"])
        return lambda data: {key(name): value(one) for name, one in data.items()}
    one = _one(field)
    if field.is_repeated:
        return lambda data: [one(each) for each in data]
    return one


def _made(field: FieldDescriptor) -> Convert:
    """Like `_one`, for a place where the constructor takes messages only."""
    one = _one(field)
    if field.message_type is None:
        return one
    made = GetMessageClass(field.message_type)
    return lambda value: made(**one(value))


def _one(field: FieldDescriptor) -> Convert:
    if field.message_type is not None:
        special = _SPECIAL.get(field.message_type.full_name)
        if special is not None:
            return special
        if field.message_type.file.package == "google.protobuf":
            made = GetMessageClass(field.message_type)
            return lambda data: ParseDict(data, made())
        return _message(field.message_type)
    if field.enum_type is not None:
        return _enum(field.enum_type)
    return _SCALARS[field.cpp_type] if field.type != FieldDescriptor.TYPE_BYTES else _bytes


def _enum(kind: EnumDescriptor) -> Convert:
    numbers = {name: one.number for name, one in kind.values_by_name.items()}
    return numbers.__getitem__


def _bytes(value: str) -> bytes:
    return b64decode(value, validate=True)


def _timestamp(text: str) -> dict[str, int]:
    """Read `2026-11-21T09:30:00.123456789Z`, the one form in which protobuf writes them."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    if not text.endswith("Z") or len(whole) != len("2026-11-21T09:30:00"):
        raise ValueError(text)
    seconds = int(datetime.fromisoformat(whole).replace(tzinfo=UTC).timestamp())
    return {"seconds": seconds, "nanos": _nanos(fraction)}


def _duration(text: str) -> dict[str, int]:
    """Read `1.500s`."""
    whole, _, fraction = text.removesuffix("s").partition(".")
    if not text.endswith("s") or not whole.isdigit():
        raise ValueError(text)
    return {"seconds": int(whole), "nanos": _nanos(fraction)}


def _nanos(fraction: str) -> int:
    if not fraction:
        return 0
    if not fraction.isdigit() or len(fraction) > len("123456789"):
        raise ValueError(fraction)
    return int(fraction.ljust(9, "0"))


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(value)
    return int(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


_SPECIAL: Mapping[str, Convert] = {
    "google.protobuf.Timestamp": _timestamp,
    "google.protobuf.Duration": _duration,
}

_SCALARS: Mapping[int, Convert] = {
    # Numbers of 64 bits are written as text.
    FieldDescriptor.CPPTYPE_INT32: _integer,
    FieldDescriptor.CPPTYPE_INT64: _integer,
    FieldDescriptor.CPPTYPE_UINT32: _integer,
    FieldDescriptor.CPPTYPE_UINT64: _integer,
    FieldDescriptor.CPPTYPE_DOUBLE: float,
    FieldDescriptor.CPPTYPE_FLOAT: float,
    FieldDescriptor.CPPTYPE_BOOL: _boolean,
    FieldDescriptor.CPPTYPE_STRING: _text,
}
