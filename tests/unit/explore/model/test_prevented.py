"""Whose own compensation a schedule makes fail, and whose it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from harness import ExploredRun, at_most_once, undone_on_failure
from harness.events import CallReceived, EffectApplied
from harness.evidence.calls import CallName
from harness.evidence.history import Status
from harness.evidence.schedule_events import AttemptPrevented, Effect
from harness.explore.model.invariant import Invariant, named
from harness.explore.model.prevented import request_prevented
from harness.verdict import Verdict
from tests.unit.explore.made import NOON, effect, judged_by, made, ran

BY_ITEM = undone_on_failure("book", "cancel", key=lambda one: one.arguments[0]["item"])
BY_RESULT = undone_on_failure("book", "cancel")

TWO = (
    effect("book", nth=1, arguments=({"item": "car", "trip": "t"},), result="car-7"),
    effect("book", nth=2, arguments=({"item": "bed", "trip": "t"},), result="bed-9"),
)


def left(*effects: Effect, refused: tuple[Any, ...] | None, kind: str = "non_retryable") -> ExploredRun:
    """A run that failed, in which the first `cancel` was made to fail."""
    prevented = (
        []
        if refused is None
        else [AttemptPrevented(call=CallName(workflow="", activity="cancel", nth=1), arguments=refused)]
    )
    return ran(
        *effects,
        status=Status.FAILED,
        schedule=f"pay#1:non_retryable,cancel#1:{kind}",
        calls=[made("book"), made("book", nth=2), made("cancel")],
        events=prevented,
    )


@pytest.mark.parametrize(
    ("invariant", "refused"), [(BY_ITEM, ({"item": "car", "trip": "t"},)), (BY_RESULT, ("car-7", "t"))]
)
def test_only_the_effect_is_excused_whose_own_undo_was_refused(invariant: Any, refused: tuple[Any, ...]) -> None:
    """By its key, or by the values that both have and no other has; what is left beside it is a planted bug."""
    alone = judged_by(left(TWO[0], refused=refused), [invariant])
    both = judged_by(left(*TWO, refused=refused), [invariant])
    other = judged_by(left(TWO[1], refused=refused), [invariant])

    assert (alone.verdict, alone.excused) == (Verdict.PASSED, True)
    assert (both.verdict, len(both.broken)) == (Verdict.FAILED, 1)
    assert other.verdict is (Verdict.FAILED if invariant is BY_ITEM else Verdict.PASSED)


def test_where_it_cannot_be_told_one_refused_undo_excuses_one_effect() -> None:
    """They have nothing in common, and nothing was undone."""
    judged = judged_by(left(*TWO, refused=None), [BY_RESULT])

    assert (judged.verdict, len(judged.broken)) == (Verdict.FAILED, 1)


def test_what_is_down_from_then_on_undoes_nothing_any_more() -> None:
    """However many effects there are."""
    assert judged_by(left(*TWO, refused=("car-7",), kind="down"), [BY_RESULT]).verdict is Verdict.PASSED


def test_an_undo_whose_last_completion_is_lost_is_excused() -> None:
    """It has worked, and the application cannot know; what it never called is its own mistake."""

    def says_refunded(run: ExploredRun) -> str | None:
        return None if run.effects_of("told") else "nobody was told of the refund"

    undo = effect("cancel", arguments=("car-7", "t"))
    alone = judged_by(left(TWO[0], undo, refused=("car-7", "t"), kind="lost_last"), [BY_RESULT, named(says_refunded)])
    both = judged_by(left(*TWO, undo, refused=("car-7", "t"), kind="lost_last"), [BY_RESULT])

    assert (alone.verdict, alone.excused) == (Verdict.PASSED, True)
    assert both.verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ("car-7 is still booked", Verdict.PASSED),
        ("bed-9 is still booked", Verdict.FAILED),
        ("still booked: car-7, bed-9", Verdict.PASSED),
        ("2 are still booked for t", Verdict.PASSED),
        ("of 3 bookings only sea-1 was cancelled", Verdict.PASSED),
    ],
)
def test_an_invariant_without_an_undo_counts_where_its_text_names_another_effect(told: str, verdict: Verdict) -> None:
    """One that was left although its own compensation was not refused; a number names nothing."""
    cancellable = Invariant(name="cancellable", check=lambda _run: None, undoes=frozenset({"cancel"}))
    sea = effect("book", nth=3, arguments=({"item": "sea", "trip": "t"},), result="sea-1")
    undone = effect("cancel", nth=2, arguments=("sea-1", "t"))
    run = left(*TWO, sea, undone, refused=("car-7", "t"))

    assert judged_by(run, [cancellable, named(lambda _run: told)]).verdict is verdict


def test_what_is_done_twice_is_excused_by_no_refusal() -> None:
    """No compensation would have kept it from being done twice."""
    twice = left(TWO[0], effect("book", attempt=2, arguments=TWO[0].arguments, result="car-8"), refused=("car-7",))

    assert judged_by(twice, [BY_RESULT, at_most_once("book")]).verdict is Verdict.FAILED


@pytest.mark.parametrize(("key", "prevented"), [("car", True), ("bed", False)])
def test_a_refused_request_is_known_by_its_key(key: str, prevented: bool) -> None:  # noqa: FBT001
    """As the fake recorded it."""
    run = ran(
        schedule="flights.cancel#1:http_400",
        events=[
            EffectApplied(service="flights", operation="book", call="flights.book#1", key="car", at=NOON),
            CallReceived(service="flights", operation="cancel", call="flights.cancel#1", key=key, body=None, at=NOON),
        ],
    )

    assert request_prevented(run, "flights.book#1", {"flights.cancel"}) is prevented
    assert request_prevented(run, "flights.book#2", {"flights.cancel"}) is None
