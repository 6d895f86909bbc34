"""What oracles have in common: findings, and where a value is not as expected."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.flights import Flights
from harness import AtMostOnce, Harm, Oracle, Verdict, broken, cannot_tell
from harness.oracle import differences


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (None, None),
        ("a", "a"),
        (1, 1.0),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}),
        ({}, {}),
        ({"a": {}}, {"a": {}, "b": 1}),
        ((1, 2), [1, 2]),
        ([("a", 1)], [["a", 1]]),
        ({"a": (True, None)}, {"a": [True, None]}),
        ([{"a": 1}], [{"a": 1}]),
    ],
    ids=repr,
)
def test_what_is_as_expected_is_silent(expected: Any, actual: Any) -> None:
    """Mappings may have more keys, and a tuple is a list, at any depth."""
    assert list(differences(expected, actual)) == []


@pytest.mark.parametrize(
    ("expected", "actual", "line"),
    [
        ({"a": 1}, {}, "a is missing, expected 1"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b is 2, expected 1"),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": None}}, "a.b is None, expected {'c': 1}"),
        ({"a": {}}, {"a": {"left": 1}}, "a is {'left': 1}, expected {}"),
        ({}, {"left": 1}, "it is {'left': 1}, expected {}"),
        ({"a": 1}, None, "it is None, expected {'a': 1}"),
        ({}, None, "it is None, expected {}"),
        (None, {}, "it is {}, expected None"),
        (True, 1, "it is 1, expected True"),
        (0, False, "it is False, expected 0"),
        ({"ok": False}, {"ok": 0}, "ok is 0, expected False"),
        ([True], [1], "it is [1], expected [True]"),
        ([1, 2], [2, 1], "it is [2, 1], expected [1, 2]"),
        ([1], [1, 2], "it is [1, 2], expected [1]"),
        ([{"a": 1}], [{"a": 1, "b": 2}], "it is [{'a': 1, 'b': 2}], expected [{'a': 1}]"),
        ("1", 1, "it is 1, expected '1'"),
        ("ab", ["a", "b"], "it is ['a', 'b'], expected 'ab'"),
    ],
    ids=repr,
)
def test_what_is_not_as_expected_is_said_with_its_place(expected: Any, actual: Any, line: str) -> None:
    """One line for each difference; only mappings may have more than was asked for, and an empty one may not."""
    assert list(differences(expected, actual)) == [line]


def test_every_difference_is_said() -> None:
    """A reader learns of all of them at once."""
    lines = list(differences({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 0}}))

    assert lines == ["a is missing, expected 1", "b.c is 0, expected 2", "b.d is missing, expected 3"]


def test_findings_carry_the_kind_of_their_oracle() -> None:
    """A finding names its oracle as its file is named, and says whether it convicts."""
    oracle = AtMostOnce(of=Flights.book)
    convicts = broken(oracle, "it broke.", detail=["one", "two"], refs=["flights.book#1"])
    unsure = cannot_tell(oracle, "nothing to judge.")

    assert (convicts.oracle, convicts.verdict, convicts.detail) == ("at_most_once", Verdict.FAILED, "one\ntwo")
    assert (unsure.oracle, unsure.verdict) == ("at_most_once", Verdict.INCONCLUSIVE)
    assert isinstance(oracle, Oracle)


def test_a_finding_has_the_harm_of_its_oracle() -> None:
    """A wrong outcome where the oracle says nothing else."""
    once = AtMostOnce(of=Flights.book)

    assert broken(once, "it broke.").harm is cannot_tell(once, "who knows?").harm is Harm.EFFECTS
    assert broken(object(), "it broke.").harm is Harm.OUTCOME
