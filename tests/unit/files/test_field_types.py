"""A value of another type than its field declares is named; what fits is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest

from harness.files.field_types import wrong_types


class Colour(StrEnum):
    """Some values."""

    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """Fields of all sorts."""

    name: str = "a"
    count: int = 1
    share: float = 0.5
    delay: timedelta | None = None
    colour: Colour = Colour.RED
    kind: type[Exception] = ValueError
    names: Sequence[str] = ()
    kinds: Sequence[type[Exception]] = ()
    by_name: Mapping[str, int] = field(default_factory=dict)
    does: Callable[[], Any] | None = None
    anything: Any = None


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"share": 1},
        {"delay": timedelta(1)},
        {"names": ["a", "b"]},
        {"names": {"a"}},
        {"kinds": [KeyError]},
        {"by_name": {"a": 1}},
        {"does": print},
        {"does": Declared},
        {"anything": object()},
    ],
)
def test_what_fits_is_left_alone(said: dict[str, Any]) -> None:
    """A list does for any sequence, and an int for a float."""
    assert list(wrong_types(Declared(**said))) == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": 1}, "name must be a str, got 1."),
        ({"count": True}, "count must be an int, got True."),
        ({"count": "1"}, "count must be an int, got '1'."),
        ({"share": "1"}, "share must be a float, got '1'."),
        ({"delay": 5}, "delay must be a timedelta or None, got 5."),
        ({"colour": "red"}, "colour must be a Colour, got 'red'."),
        ({"kind": int}, "kind must be a subclass of an Exception, got <class 'int'>."),
        ({"kind": ValueError()}, "kind must be a subclass of an Exception, got ValueError()."),
        ({"names": "ab"}, "names must be a list, each item a str, got 'ab'."),
        ({"names": [1]}, "names must be a list, each item a str, got [1]."),
        ({"kinds": [int]}, "kinds must be a list, each item a subclass of an Exception, got [<class 'int'>]."),
        ({"by_name": {"a": "b"}}, "by_name must be a Mapping, got {'a': 'b'}."),
        ({"does": "print"}, "does must be a function or None, got 'print'."),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(said: dict[str, Any], told: str) -> None:
    """In one sentence."""
    assert [text for _, text in wrong_types(Declared(**said))] == [f"Declared: {told}"]


def test_fields_can_be_left_out_and_long_values_are_cut() -> None:
    """Where somebody else looks at them, and says more."""
    wrong = Declared(name=["x" * 500], count="1")  # type: ignore[arg-type]  # the point of it

    [(name, text)] = wrong_types(wrong, but=("count",))

    assert name == "name"
    assert len(text) < 200


def test_what_is_no_dataclass_has_no_fields() -> None:
    """Nor has the class itself."""
    assert list(wrong_types("text")) == []
    assert list(wrong_types(Declared)) == []
