"""Drift: a difference between a command and the event that records it, and the list of allowed ones."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from harness.errors import UsageError

SHOWN = 200
"""How many characters of a value are shown."""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One difference between a command and the event that records it, although the history replays.

    Attributes:
        event: The id of the recorded event.
        kind: Its type.
        name: What it is about, such as the activity's type.
        field: What differs, such as "input[0].amount".
        recorded: What the history has there.
        now: What the code asks for now.
        site: The line that asks for it, "" where it is not known.
        moved: Whether the code now gives this input to another call of the same type, so that recorded results
            belong to other calls than the code takes them for.
    """

    event: int
    kind: str
    name: str
    field: str
    recorded: str
    now: str
    site: str
    moved: bool = False

    def __str__(self) -> str:
        named = f" {self.name}" if self.name else ""
        at = f" ({self.site})" if self.site else ""
        moved = "; the result recorded here belongs to another call" if self.moved else ""
        return f"event {self.event} {self.kind}{named}: {self.field} was {self.recorded}, is now {self.now}{moved}{at}"


class Allowed(BaseModel):
    """An intended difference: one table `[[allow]]` of an allow-list. All but the reason and the date are globs.

    Attributes:
        reason: Why it is intended.
        until: The last day on which it is allowed; None for no limit.
        workflow: The workflow types.
        kind: The event types.
        name: What the event is about, such as the activity's type.
        field: The field that differs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str
    until: date | None = None
    workflow: str = "*"
    kind: str = "*"
    name: str = "*"
    field: str = "*"

    def allows(self, drift: Drift, *, workflow: str, today: date) -> bool:
        """Whether it allows this difference on this day."""
        if self.until is not None and today > self.until:
            return False
        pairs = ((workflow, self.workflow), (drift.kind, self.kind), (drift.name, self.name), (drift.field, self.field))
        # Brackets are part of a field's name, "input[0]", and no choice of characters.
        return all(fnmatch.fnmatchcase(value, glob.replace("[", "[[]")) for value, glob in pairs)


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    allow: tuple[Allowed, ...] = ()


def read_allowed(path: Path) -> Sequence[Allowed]:
    """Read an allow-list.

    Raises:
        UsageError: It cannot be read, or has wrong keys or values; every problem at once.
    """
    try:
        return _List.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).allow
    except OSError as error:
        raise UsageError(f"the allow-list {path} cannot be read: {error.strerror}.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the allow-list {path} is not TOML: {error}.") from error
    except ValidationError as error:
        raise UsageError(
            *(f"{path}: {'.'.join(map(str, one['loc']))}: {one['msg']}." for one in error.errors())
        ) from error


def shown(path: Sequence[str | int], value: Any) -> str:
    """Return a value as text, durations in seconds, cut where it is long."""
    words = [str(one) for one in path]
    if isinstance(value, int) and not isinstance(value, bool) and words and words[-1].endswith(("timeout", "interval")):
        return f"{value / 10**9:g} s" if value else "none"
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def counted(number: int, noun: str) -> str:
    """Return "1 difference" or "2 differences"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
