"""However often a request is repeated, it takes effect once."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import AtMostOnce, Verdict
from tests.unit.builders import applied, booked, cancelled, judged, received, repeated, verdict_of

BY_KEY = AtMostOnce(of=Flights.book)
BY_TRIP = AtMostOnce(of=Flights.book, per="trip")


def test_repeating_without_effect_is_acquitted() -> None:
    """Retries that the service recognizes change nothing."""
    found = judged(BY_KEY, booked("flights"), received(Flights.book, nth=2), repeated(Flights.book))

    assert found == []


def test_two_effects_under_one_key_convict() -> None:
    """A service that books twice under one key is found, with both calls."""
    (found,) = judged(BY_KEY, booked("flights"), booked("flights", nth=2))

    assert found.verdict is Verdict.FAILED
    assert found.title == "flights.book took effect twice for one request, expected once."
    assert found.refs == ("flights.book#1", "flights.book#2")


def test_an_effect_applied_again_after_its_undo_is_a_second_one() -> None:
    """Undoing in between does not make two bookings one."""
    found = judged(BY_KEY, booked("flights"), cancelled("flights"), applied(Flights.book, nth=2))

    assert verdict_of(found) is Verdict.FAILED


def test_requests_of_several_workflows_are_several_requests() -> None:
    """Two keys are two bookings."""
    found = judged(BY_KEY, booked("flights", "a"), booked("flights", "b", nth=2))

    assert found == []


def test_only_a_field_sees_through_a_new_key_for_each_attempt() -> None:
    """Told apart by trip, the same booking under two keys convicts; told apart by key, it cannot."""
    run = [*booked("flights", "a", body={"trip": "t"}), *booked("flights", "b", nth=2, body={"trip": "t"})]

    assert judged(BY_KEY, run) == []
    assert verdict_of(judged(BY_TRIP, run)) is Verdict.FAILED


@pytest.mark.parametrize("body", [None, {}, {"trep": "t"}, ["trip"], "trip"], ids=repr)
def test_a_field_that_the_request_does_not_have_tells_nothing(body: object) -> None:
    """A misspelt field, or a body without fields, is no reason to acquit or to convict."""
    once = judged(BY_TRIP, booked("flights", body=body))
    twice = judged(BY_TRIP, booked("flights", "a", body=body), booked("flights", "b", nth=2, body=body))

    assert [one.verdict for one in once] == [Verdict.INCONCLUSIVE]
    assert [one.verdict for one in twice] == [Verdict.INCONCLUSIVE]


def test_a_field_may_hold_any_value() -> None:
    """Requests are told apart by lists and objects as well as by texts, and 1 is not "1"."""
    same = judged(BY_TRIP, *(booked("flights", str(n), nth=n, body={"trip": {"id": [1]}}) for n in (1, 2)))
    other = judged(BY_TRIP, booked("flights", "a", body={"trip": 1}), booked("flights", "b", nth=2, body={"trip": "1"}))

    assert verdict_of(same) is Verdict.FAILED
    assert other == []


def test_other_operations_do_not_count() -> None:
    """The hotel's effects say nothing of the flight's."""
    found = judged(BY_KEY, booked("hotels"), booked("hotels", nth=2))

    assert [one.title for one in found] == ["flights.book never took effect, so nothing can be judged."]
    assert verdict_of(found) is Verdict.INCONCLUSIVE


def test_an_effect_without_a_call_of_its_own_cannot_be_told_apart_by_a_field() -> None:
    """Where the journal lacks the call, the field is not known."""
    found = judged(BY_TRIP, applied(Flights.book))

    assert verdict_of(found) is Verdict.INCONCLUSIVE
