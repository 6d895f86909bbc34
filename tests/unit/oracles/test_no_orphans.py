"""No effect may be left when the workflow says that it did not succeed."""

from __future__ import annotations

import pytest

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import NoOrphans, Verdict
from tests.unit.builders import (
    applied,
    booked,
    cancelled,
    closed,
    completed,
    evidence,
    failed,
    history,
    judged,
    refused,
    tombstoned,
    undone,
    verdict_of,
)

GAVE_UP = completed({"success": False})


def test_what_still_stands_is_named_with_its_key_and_its_call() -> None:
    """A booking that nobody undid convicts, and the finding says which one it is."""
    (found,) = judged(NoOrphans(), booked("cars", "k1"), booked("flights", "k2"), cancelled("cars", "k1"), GAVE_UP)

    assert found.verdict is Verdict.FAILED
    assert found.title == "flights.book is still in place, but the workflow reports failure."
    assert "k2" in found.detail
    assert found.refs == ("flights.book#1",)


def test_all_undone_is_acquitted() -> None:
    """Nothing is found when every effect was taken back."""
    found = judged(NoOrphans(), booked("cars"), booked("hotels"), cancelled("hotels"), cancelled("cars"), GAVE_UP)

    assert found == []


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(GAVE_UP, id="result-says-no"),
        pytest.param(failed(), id="failed"),
        pytest.param(closed("CANCELED"), id="canceled"),
        pytest.param(closed("TERMINATED"), id="terminated"),
        pytest.param(closed("TIMED_OUT"), id="timed-out"),
    ],
)
def test_every_way_of_not_succeeding_counts(ending: object) -> None:
    """However a workflow fails, what it leaves standing convicts it."""
    found = list(NoOrphans().judge(evidence(booked("cars"), ending)))  # type: ignore[arg-type]  # a history

    assert verdict_of(found) is Verdict.FAILED


@pytest.mark.parametrize(
    "result",
    [
        pytest.param({"success": True}, id="success"),
        pytest.param({"booking": "b1"}, id="says-nothing"),
        pytest.param(None, id="nothing"),
        pytest.param(["success", False], id="list"),
        pytest.param({"success": None}, id="null"),
    ],
)
def test_success_leaves_nothing_to_judge(result: object) -> None:
    """A workflow that does not deny its success may leave things standing; that is not a pass, either."""
    found = judged(NoOrphans(), booked("cars"), completed(result))

    assert verdict_of(found) is Verdict.INCONCLUSIVE


def test_a_run_without_effects_proves_nothing() -> None:
    """Where nothing was ever applied, nothing could be left."""
    found = judged(NoOrphans(), tombstoned("cars.cancel"), GAVE_UP)

    assert verdict_of(found) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    "so_far",
    [
        pytest.param([], id="no-history"),
        pytest.param([history()], id="open"),
        pytest.param([closed("CONTINUED_AS_NEW")], id="next-run-unknown"),
    ],
)
def test_a_workflow_that_has_not_ended_has_not_reported_failure(so_far: list[object]) -> None:
    """While it may still undo, neither what stands convicts it nor what is gone acquits it."""
    left = list(NoOrphans().judge(evidence(booked("cars"), *so_far)))  # type: ignore[arg-type]  # histories
    gone = list(NoOrphans().judge(evidence(booked("cars"), cancelled("cars"), *so_far)))  # type: ignore[arg-type]

    assert [one.verdict for one in left] == [Verdict.INCONCLUSIVE]
    assert [one.verdict for one in gone] == [Verdict.INCONCLUSIVE]


def test_an_undo_under_another_key_does_not_count() -> None:
    """A compensation that misses its key leaves the booking standing."""
    found = judged(NoOrphans(), booked("flights", "k1"), tombstoned("flights.cancel", "k2"), GAVE_UP)

    assert verdict_of(found) is Verdict.FAILED


def test_an_undo_at_another_service_does_not_count() -> None:
    """The same key at two services means two effects."""
    found = judged(NoOrphans(), booked("flights", "k1"), booked("hotels", "k1"), cancelled("hotels", "k1"), GAVE_UP)

    assert [one.refs for one in found] == [("flights.book#1",)]


def test_an_undo_of_another_operation_does_not_count() -> None:
    """Releasing a reservation does not give back the money charged under the same key."""
    found = judged(
        NoOrphans(),
        applied("bank.reserve", "k1"),
        applied("bank.charge", "k1"),
        undone("bank.release", "k1", undoes="reserve"),
        GAVE_UP,
    )

    assert [one.refs for one in found] == [("bank.charge#1",)]


def test_a_commit_after_its_undo_stands() -> None:
    """What a service without tombstones commits late is left, though it was undone before."""
    found = judged(
        NoOrphans(), booked("cars"), tombstoned("flights.cancel"), applied("flights.book"), cancelled("cars"), GAVE_UP
    )

    assert [one.refs for one in found] == [("flights.book#1",)]


def test_an_effect_applied_again_after_its_undo_stands() -> None:
    """The last word about a key decides."""
    found = judged(NoOrphans(), booked("cars"), cancelled("cars"), applied("cars.book", nth=2), GAVE_UP)

    assert [one.refs for one in found] == [("cars.book#2",)]


def test_a_refused_late_commit_leaves_nothing() -> None:
    """A commit that meets a tombstone is not an effect."""
    found = judged(
        NoOrphans(), booked("cars"), tombstoned("flights.cancel"), refused("flights.book"), cancelled("cars"), GAVE_UP
    )

    assert found == []


def test_a_new_key_for_each_attempt_leaves_an_orphan() -> None:
    """Of two bookings under two keys, undoing one is not enough."""
    found = judged(
        NoOrphans(), booked("flights", "a"), booked("flights", "b", nth=2), cancelled("flights", "b"), GAVE_UP
    )

    assert [one.refs for one in found] == [("flights.book#1",)]


def test_what_is_declared_to_be_left_may_be_left() -> None:
    """An undo that can never work in this scenario is no orphan."""
    found = judged(NoOrphans(but=[Hotels.book]), booked("hotels"), booked("cars"), cancelled("cars"), GAVE_UP)

    assert found == []


def test_what_is_declared_to_be_left_must_be_left() -> None:
    """A declared exception that is none any more is a broken expectation, not a bonus."""
    found = judged(NoOrphans(but=[Hotels.book]), booked("hotels"), cancelled("hotels"), GAVE_UP)

    assert [one.title for one in found] == ["hotels.book is not in place, although `but` says that its effect is left."]


def test_an_exception_spares_nothing_else() -> None:
    """Declaring the hotel does not excuse the car."""
    found = judged(
        NoOrphans(but=[Hotels.book, Flights.book]), booked("hotels"), booked("flights"), booked("cars"), GAVE_UP
    )

    assert [one.refs for one in found] == [("cars.book#1",)]
    assert str(Cars.book) in found[0].title
