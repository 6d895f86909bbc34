"""The outside world changes in the order in which it should."""

from __future__ import annotations

from fakes.cars import Cars
from fakes.hotels import Hotels
from harness import EffectsInOrder, Verdict
from tests.unit.builders import booked, cancelled, judged, received, refused, repeated, tombstoned, verdict_of

BACK_AND_FORTH = EffectsInOrder(operations=[Cars.book, Hotels.book, Hotels.cancel, Cars.cancel])
DONE = [*booked("cars"), *booked("hotels"), *cancelled("hotels"), *cancelled("cars")]


def test_exactly_this_order_is_acquitted() -> None:
    """Every effect, applied or undone, in its place."""
    assert judged(BACK_AND_FORTH, DONE) == []


def test_what_changes_nothing_does_not_count() -> None:
    """Calls, repeats, refusals and tombstones are no changes of the outside world."""
    noise = [received("flights.book"), repeated("cars.book"), refused("flights.book"), tombstoned("flights.cancel")]

    assert judged(BACK_AND_FORTH, DONE, noise) == []


def test_another_order_one_more_or_one_less_convicts() -> None:
    """The finding shows what was expected and what was seen."""
    (swapped,) = judged(BACK_AND_FORTH, booked("cars"), booked("hotels"), cancelled("cars"), cancelled("hotels"))
    more = judged(BACK_AND_FORTH, DONE, booked("flights"))
    less = judged(BACK_AND_FORTH, DONE[:-3])

    assert swapped.title == (
        "effects from number 3 on: cars.cancel, hotels.cancel; expected hotels.cancel, cars.cancel."
    )
    assert more[0].title == "effects from number 5 on: flights.book; expected none."
    assert swapped.detail.splitlines() == [
        "expected: cars.book, hotels.book, hotels.cancel, cars.cancel",
        "seen: cars.book, hotels.book, cars.cancel, hotels.cancel",
    ]
    assert verdict_of(more) is Verdict.FAILED
    assert verdict_of(less) is Verdict.FAILED


def test_no_effect_at_all_can_be_what_is_expected() -> None:
    """An empty order acquits a run that changed nothing, and convicts one that did."""
    none = EffectsInOrder(operations=[])

    assert judged(none, received("cars.book")) == []
    assert verdict_of(judged(none, booked("cars"))) is Verdict.FAILED
