"""Events as JSON data and back, as run folders keep them and worker processes send them."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from harness.errors import UsageError, unknown
from harness.events import Event
from harness.evidence.host_events import HostRefused
from harness.evidence.schedule_events import ScheduleStarted
from harness.evidence.worker_built import WorkerBuilt
from harness.files.wording import cut

LONGEST = 1000
"""How many characters of a value `describe` shows. The event has all of it."""

_MORE = (HostRefused, ScheduleStarted, WorkerBuilt)
"""Imported, so that the events of their files are known as well."""

type_by_name: dict[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}


_adapters: dict[str, TypeAdapter[Event]] = {name: TypeAdapter(kind) for name, kind in type_by_name.items()}


def to_json(event: Event) -> dict[str, Any]:
    """Return the event as JSON data, its class under the key "event"; what JSON has no form for, as its text."""
    return {"event": type(event).__name__, **{one.name: plain(getattr(event, one.name)) for one in fields(event)}}


def plain(value: Any) -> Any:
    """Return a value as JSON data; what JSON has no form for, as its text. Never raises, whatever the value does."""
    try:
        return to_jsonable_python(value, fallback=repr)
    except Exception:  # noqa: BLE001 - bytes that are no text, a value that holds itself, a property that raises
        try:
            return repr(value)
        except Exception as error:  # noqa: BLE001 - an application's own `__repr__`
            return f"<{type(value).__name__}, whose text cannot be had: {type(error).__name__}>"


def from_json(data: Any) -> Event:
    """Return the event that `to_json` wrote.

    Raises:
        UsageError: The event is of a kind or shape that this version does not know.
    """
    if not isinstance(data, dict):
        raise UsageError(f"a recorded event is a JSON object, not {data!r}.")
    name = str(data.get("event"))
    if name not in type_by_name:
        raise UsageError(unknown("event", name, type_by_name))
    if "at" not in data:
        raise UsageError(f"a recorded {name} cannot be read: it has no time in {data!r}.")
    try:
        return _adapters[name].validate_python({key: data[key] for key in data if key != "event"})
    except ValidationError as error:
        raise UsageError(f"a recorded {name} cannot be read: {error.errors()[0]['msg']} in {data!r}.") from error


def describe(event: Event) -> str:
    """Return one line for a person: the event's name and its values, long ones cut."""
    values = {key: value for key, value in to_json(event).items() if key not in {"event", "at"}}
    shown = " ".join(
        f"{key}={cut(json.dumps(value), LONGEST)}" for key, value in values.items() if value not in (None, "", [])
    )
    return f"{type(event).__name__} {shown}".rstrip()
