"""Values of a declaration as a person writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from fakes.flights import Flights
from harness import Phase
from harness.evidence.history import Status
from harness.reports.in_words import exactly, given, in_words


@dataclass(frozen=True)
class _Patience:
    within: timedelta = timedelta(seconds=2)
    attempts: int = 3
    secret: str = field(default="", repr=False)


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(hours=2), "2 h"),
        (timedelta(days=1, hours=7), "31 h"),
        (timedelta(minutes=90), "90 min"),
        (timedelta(seconds=30), "30 s"),
        (timedelta(milliseconds=1500), "1.5 s"),
        (timedelta(milliseconds=20), "20 ms"),
        (timedelta(0), "0 s"),
        (timedelta(seconds=-3), "-3 s"),
    ],
)
def test_a_duration_has_its_unit(duration: timedelta, said: str) -> None:
    """The largest in which it is whole."""
    assert exactly(duration) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Status.FAILED, "Failed"),
        (Phase.AFTER_BODY, "after_body"),
        ([timedelta(seconds=1), "a"], "[1 s, 'a']"),
        ({"first": timedelta(seconds=1)}, "{'first': 1 s}"),
        (_Patience(within=timedelta(minutes=1)), "_Patience(within=1 min)"),
        (_Patience(secret="s"), "_Patience()"),  # noqa: S106 - none
        ((_Patience(attempts=1),), "[_Patience(attempts=1)]"),
        (Flights.book, "flights.book"),
        (Flights, "Flights"),
        (test_a_duration_has_its_unit, "test_a_duration_has_its_unit"),
        (5, "5"),
        (None, "None"),
    ],
)
def test_other_values(value: Any, said: str) -> None:
    """None of them as Python shows it to programmers."""
    assert in_words(value) == said


def test_fields_can_be_left_out() -> None:
    """Those that are told elsewhere."""
    assert given(_Patience(attempts=1, within=timedelta(0)), without={"within"}) == ["attempts=1"]
