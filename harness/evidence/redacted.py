"""Events without secrets, as they are written, printed and reported.

What an oracle compares by name stays: services, operations, calls, faults, activities, workflow ids. A value or a text
has equal tokens for equal secrets, so that a judge who compares two of them comes to the same verdict. The key of an
effect is text as well: a secret in it becomes the same token everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from enum import Enum
from typing import Any

from harness.events import Event
from harness.evidence.event_json import plain, type_by_name
from harness.redaction.redactor import Redactor


class Holds(Enum):
    """What a field of an event holds."""

    NAME = "name"
    """Names, ids, numbers and times, given by the harness, by Temporal, or by the application's code."""
    TEXT = "text"
    """Words that may quote anything."""
    VALUE = "value"
    """Data of the application."""


_NAMES = """
    at scenario seed task_queue temporal toxiproxy service address proxy worker pid code asked fault call operation
    status limit undoes closed_at toxics bytes_up bytes_down end workflow workflow_id run_id activity activity_id
    attempt scheduled_at started_at workflow_time phase number cause seconds schedule token order where came_back lane
    attempts heartbeats maximum_attempts bounded gives_up_within place followed task
    overtaken alongside received activities by by_client options has_body has_answer_body starved lasted
    port
"""

_TEXTS = "key host what why errors message stack waiting_for error unjudged drifts problem"

_VALUES = "body resumes_from details arguments result value"

HELD = {
    name: held
    for held, names in ((Holds.NAME, _NAMES), (Holds.TEXT, _TEXTS), (Holds.VALUE, _VALUES))
    for name in names.split()
}
"""What the fields of events hold, by their names, which mean the same in all of them."""


def undecided() -> Iterator[str]:
    """Yield the fields of events of which nobody has said what they hold."""
    for name, kind in type_by_name.items():
        yield from (f"{name}.{one.name}" for one in fields(kind) if one.name not in HELD)


def redacted(event: Event, redactor: Redactor) -> Event:
    """Return an event without secrets; itself when it has none."""
    changed = {}
    for one in fields(event):
        held = HELD.get(one.name, Holds.TEXT)
        if held is Holds.NAME:
            continue
        value = getattr(event, one.name)
        new = _redacted(value, redactor, named=redactor.named(one.name))
        if new is not value and new != value:
            changed[one.name] = new
    return replace(event, **changed) if changed else event


def _redacted(value: Any, redactor: Redactor, *, named: bool) -> Any:
    if value is None or isinstance(value, bool):
        return value
    try:
        # What is not JSON, an application's own class for instance, is kept in the form that JSON gives it.
        given = tuple(map(plain, value)) if isinstance(value, tuple) else plain(value)
        return redactor.value(given, named=named)
    except RecursionError:
        return redactor.tokens.text(repr(type(value)))


def redacted_all(events: Sequence[Event], redactor: Redactor) -> tuple[Event, ...]:
    """Return events without secrets, also those that were met after they had been said."""
    for event in events:
        redacted(event, redactor)
    return tuple(redacted(event, redactor) for event in events)
