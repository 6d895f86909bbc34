"""Compensations take hold in the reverse order of the steps that they undo."""

from __future__ import annotations

from harness import CompensatedInReverse, Verdict
from harness.events import Event
from tests.unit.builders import applied, booked, cancelled, judged, received, refused, tombstoned, undone, verdict_of


def test_the_reverse_order_is_acquitted() -> None:
    """Car, hotel, flight; flight, hotel, car."""
    found = judged(
        CompensatedInReverse(),
        *(booked(one) for one in ("cars", "hotels", "flights")),
        *(cancelled(one) for one in ("flights", "hotels", "cars")),
    )

    assert found == []


def test_the_forward_order_is_convicted() -> None:
    """The finding shows both orders with their keys."""
    (found,) = judged(
        CompensatedInReverse(),
        booked("cars", "a"),
        booked("hotels", "b"),
        cancelled("cars", "a"),
        cancelled("hotels", "b"),
    )

    assert found.verdict is Verdict.FAILED
    assert found.detail.splitlines() == [
        "steps: cars.book a, hotels.book b",
        "compensations: cars.book a, hotels.book b",
    ]
    assert found.refs == ("cars.cancel#1", "hotels.cancel#1")


def test_one_swapped_pair_of_three_is_convicted() -> None:
    """Almost in reverse is not in reverse."""
    found = judged(
        CompensatedInReverse(),
        *(booked(one) for one in ("cars", "hotels", "flights")),
        *(cancelled(one) for one in ("flights", "cars", "hotels")),
    )

    assert verdict_of(found) is Verdict.FAILED


def test_fewer_than_two_compensations_have_no_order() -> None:
    """One undo proves nothing about an order, and none even less."""
    none = judged(CompensatedInReverse(), booked("cars"))
    one = judged(CompensatedInReverse(), booked("cars"), cancelled("cars"))

    assert verdict_of(none) is Verdict.INCONCLUSIVE
    assert verdict_of(one) is Verdict.INCONCLUSIVE


def test_a_step_that_never_committed_has_its_place_too() -> None:
    """A tombstone for a called step counts as its undo: in its place it acquits, out of place it convicts."""
    begun = [*booked("cars"), *booked("hotels"), received("flights.book")]
    in_place = judged(
        CompensatedInReverse(), begun, tombstoned("flights.cancel"), cancelled("hotels"), cancelled("cars")
    )
    too_late = judged(
        CompensatedInReverse(), begun, cancelled("hotels"), cancelled("cars"), tombstoned("flights.cancel")
    )

    assert in_place == []
    assert verdict_of(too_late) is Verdict.FAILED


def test_an_undo_of_a_key_nobody_called_is_left_out() -> None:
    """A compensation registered before a call that never arrived has no place in the order."""
    found = judged(
        CompensatedInReverse(),
        booked("cars"),
        booked("hotels"),
        cancelled("hotels"),
        cancelled("cars"),
        tombstoned("flights.cancel", "never-called"),
    )

    assert found == []


def test_the_first_call_of_a_step_is_its_beginning() -> None:
    """A retry that arrives after the next step has begun does not move the step behind it."""
    found = judged(
        CompensatedInReverse(),
        received("cars.book"),
        booked("hotels"),
        booked("cars", nth=2),
        cancelled("hotels"),
        cancelled("cars"),
    )

    assert found == []


def test_the_first_undo_of_a_step_is_its_compensation() -> None:
    """An undo that is repeated because its answer was lost does not move its step to the end."""
    found = judged(
        CompensatedInReverse(),
        booked("cars"),
        booked("hotels"),
        cancelled("hotels"),
        cancelled("cars"),
        tombstoned("hotels.cancel", nth=2),
    )

    assert found == []


def test_a_late_commit_does_not_move_its_step() -> None:
    """A commit that is refused after everything was undone began when it was first called."""
    found = judged(
        CompensatedInReverse(),
        booked("cars"),
        received("flights.book"),
        tombstoned("flights.cancel"),
        cancelled("cars"),
        refused("flights.book"),
    )

    assert found == []


def test_two_steps_at_one_service_have_an_order() -> None:
    """Steps are told apart by key, also where the service is the same."""
    begun = [*booked("flights", "out"), *booked("flights", "back", nth=2)]
    reverse = judged(CompensatedInReverse(), begun, cancelled("flights", "back"), cancelled("flights", "out", nth=2))
    forward = judged(CompensatedInReverse(), begun, cancelled("flights", "out"), cancelled("flights", "back", nth=2))

    assert reverse == []
    assert verdict_of(forward) is Verdict.FAILED


def test_two_operations_under_one_key_are_two_steps() -> None:
    """A charge and a reservation under the same key are undone one by one."""
    begun = [received("bank.reserve", "k"), received("bank.charge", "k")]
    refund = undone("bank.refund", "k", undoes="charge")
    release = undone("bank.release", "k", undoes="reserve")
    reverse = judged(CompensatedInReverse(), begun, refund, release)
    forward = judged(CompensatedInReverse(), begun, release, refund)

    assert reverse == []
    assert verdict_of(forward) is Verdict.FAILED


def of(trip: str, service: str) -> list[Event]:
    """A booking of one trip."""
    return booked(service, f"{trip}-{service}", nth=ord(trip), body={"trip": trip})


def off(trip: str, service: str) -> list[Event]:
    """Its cancellation."""
    return cancelled(service, f"{trip}-{service}", nth=ord(trip))


BOTH_BEGUN = [*of("a", "cars"), *of("b", "cars"), *of("a", "hotels"), *of("b", "hotels")]


def test_two_sagas_at_once_are_judged_one_by_one() -> None:
    """Each undoes in reverse, whatever the other does meanwhile; taken for one they would be out of order."""
    ended = [*off("a", "hotels"), *off("a", "cars"), *off("b", "hotels"), *off("b", "cars")]

    assert judged(CompensatedInReverse(per="trip"), BOTH_BEGUN, ended) == []
    assert verdict_of(judged(CompensatedInReverse(), BOTH_BEGUN, ended)) is Verdict.FAILED


def test_one_of_two_sagas_is_convicted() -> None:
    """The one that undoes forwards is named, also where both together look like a reverse order."""
    begun = [*of("a", "cars"), *of("a", "hotels"), *of("b", "cars"), *of("b", "hotels")]
    ended = [*off("b", "hotels"), *off("b", "cars"), *off("a", "cars"), *off("a", "hotels")]

    (found,) = judged(CompensatedInReverse(per="trip"), begun, ended)

    assert found.verdict is Verdict.FAILED
    assert (
        found.title
        == "the compensations of trip 'a' undid cars.book then hotels.book, expected hotels.book then cars.book."
    )


def test_a_saga_of_one_step_beside_another_is_none_to_judge() -> None:
    """It has no order; two such have none either."""
    one = judged(CompensatedInReverse(per="trip"), BOTH_BEGUN, off("a", "hotels"), off("a", "cars"), off("b", "cars"))
    none = judged(CompensatedInReverse(per="trip"), BOTH_BEGUN, off("a", "cars"), off("b", "cars"))

    assert one == []
    assert verdict_of(none) is Verdict.INCONCLUSIVE


def test_a_step_without_the_field_belongs_to_nobody_knows_whom() -> None:
    """Nothing is told of sagas that cannot be told apart."""
    (found,) = judged(
        CompensatedInReverse(per="tour"), BOTH_BEGUN, off("a", "hotels"), off("a", "cars"), off("b", "cars")
    )

    assert found.verdict is Verdict.INCONCLUSIVE
    assert "has no field 'tour', so its saga is unknown" in found.title


def test_ids_that_a_service_makes_itself_are_the_keys() -> None:
    """The call that took effect had an idempotency key, or none; its effect and the undoing have the id."""
    begun = [
        received("cars.book", None),
        applied("cars.book", "car_1"),
        received("hotels.book", "k"),
        applied("hotels.book", "h"),
    ]
    in_order = judged(CompensatedInReverse(), begun, undone("hotels.cancel", "h"), undone("cars.cancel", "car_1"))
    out_of_order = judged(CompensatedInReverse(), begun, undone("cars.cancel", "car_1"), undone("hotels.cancel", "h"))

    assert in_order == []
    assert verdict_of(out_of_order) is Verdict.FAILED
