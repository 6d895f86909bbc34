"""Whom at_most_once convicts, and whom it acquits."""

from __future__ import annotations

from harness import at_most_once
from tests.unit.explore.made import effect, found_by, ran

invariant = at_most_once("charge")


def test_two_bodies_with_different_results_are_two_effects() -> None:
    """The service did not recognise the repetition."""
    run = ran(effect("charge", result=1), effect("charge", attempt=2, result=2))

    assert len(found_by(invariant, run)) == 1


def test_nothing_returned_tells_nothing() -> None:
    """Each body counts."""
    assert found_by(invariant, ran(effect("charge"), effect("charge", attempt=2)))


def test_the_same_answer_twice_is_one_effect() -> None:
    """As an idempotent service answers."""
    run = ran(effect("charge", result="c-1"), effect("charge", attempt=2, result="c-1"))

    assert found_by(invariant, run) == []


def test_two_calls_are_two_things() -> None:
    """Unless a key says that they are the same."""
    run = ran(effect("charge", result=1, arguments=("o",)), effect("charge", nth=2, result=2, arguments=("o",)))

    assert found_by(invariant, run) == []
    assert found_by(at_most_once("charge", key=lambda one: one.arguments[0]), run)


def test_other_activities_are_nobody_s_business() -> None:
    """Only what is named is counted."""
    assert found_by(invariant, ran(effect("notify"), effect("notify", attempt=2))) == []
