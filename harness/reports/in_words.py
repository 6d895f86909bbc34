"""Values of a declaration as a person writes them: durations with their unit, members of an enum by their value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

UNITS = {"h": timedelta(hours=1), "min": timedelta(minutes=1), "s": timedelta(seconds=1)}


def in_words(value: Any) -> str:
    """Return a value in words; a dataclass as its class with the values that differ from the defaults."""
    match value:
        case Enum():
            words = str(value.value)
        case timedelta():
            words = exactly(value)
        case Mapping():
            words = f"{{{', '.join(f'{in_words(key)}: {in_words(one)}' for key, one in value.items())}}}"
        case list() | tuple() | set() | frozenset():
            words = f"[{', '.join(map(in_words, value))}]"
        case _ if is_dataclass(value) and not isinstance(value, type) and "__str__" not in vars(type(value)):
            words = f"{type(value).__name__}({', '.join(given(value))})"
        case _:
            words = str(getattr(value, "__qualname__", None) or repr(value))
    return words


def given(declaration: Any, *, without: Collection[str] = ()) -> list[str]:
    """Return "name=value" for the fields of a dataclass whose value is not the default.

    Args:
        declaration: The dataclass.
        without: Fields to leave out.
    """
    return [
        f"{one.name}={in_words(value)}"
        for one in fields(declaration)
        if one.repr and one.name not in without and (value := getattr(declaration, one.name)) != one.default
    ]


def exactly(duration: timedelta) -> str:
    """Return a duration in the largest unit in which it is whole: "2 h", "30 min", "1.5 s", "20 ms"."""
    for unit, length in UNITS.items():
        if duration and duration % length == timedelta(0):
            return f"{duration // length} {unit}"
    seconds = duration.total_seconds()
    return f"{seconds:g} s" if abs(seconds) >= 1 or not seconds else f"{seconds * 1000:g} ms"
