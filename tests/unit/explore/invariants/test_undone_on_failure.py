"""Whom undone_on_failure convicts, and whom it acquits."""

from __future__ import annotations

import pytest

from harness import undone_on_failure
from harness.errors import UsageError
from harness.evidence.history import Status
from tests.unit.explore.made import effect, found_by, ran

invariant = undone_on_failure("charge", "refund")
CHARGED, REFUNDED = effect("charge"), effect("refund")


def test_what_stands_although_the_workflow_failed_breaks_it() -> None:
    """Nothing undid it."""
    (found,) = found_by(invariant, ran(CHARGED, status=Status.FAILED))

    assert "nothing undid it" in found.title
    assert found.subject == "charge"


def test_what_takes_effect_after_its_undo_stands() -> None:
    """An attempt that came late."""
    (found,) = found_by(invariant, ran(REFUNDED, CHARGED, status=Status.FAILED))

    assert "its undo came before" in found.title


def test_two_calls_take_two_undos() -> None:
    """One does not stand for both."""
    run = ran(CHARGED, effect("charge", nth=2), REFUNDED, status=Status.CANCELED)

    assert len(found_by(invariant, run)) == 1


def test_a_call_that_was_tried_twice_takes_one_undo() -> None:
    """Attempts of one call are one charge."""
    run = ran(CHARGED, effect("charge", attempt=2), REFUNDED, status=Status.FAILED)

    assert found_by(invariant, run) == []


@pytest.mark.parametrize(
    "run",
    [
        ran(CHARGED),
        ran(CHARGED, REFUNDED, status=Status.FAILED),
        ran(status=Status.FAILED),
        ran(CHARGED, status=Status.RUNNING, open="a timer"),
    ],
    ids=["success", "undone", "nothing done", "not ended"],
)
def test_it_holds(run: object) -> None:
    """Where nothing stands that should not, or nobody can tell yet."""
    assert found_by(invariant, run) == []  # type: ignore[arg-type]  # parametrized


def test_a_result_without_success_is_a_failure() -> None:
    """As a saga reports it that ends well."""
    assert found_by(invariant, ran(CHARGED, result={"success": False}))


def test_a_key_says_what_undoes_what() -> None:
    """The undo of another order is none."""
    by_order = undone_on_failure("charge", "refund", key=lambda one: one.arguments[0])
    run = ran(effect("charge", arguments=("a",)), effect("refund", arguments=("b",)), status=Status.FAILED)

    assert len(found_by(by_order, run)) == 1


def test_failure_can_be_told_in_another_way() -> None:
    """As the application has it."""
    never = undone_on_failure("charge", ["refund", "void"], failed=lambda _: False)

    assert found_by(never, ran(CHARGED, status=Status.FAILED)) == []
    assert never.undoes == {"refund", "void"}


def test_what_is_no_activity_is_refused() -> None:
    """With what it lacks."""
    with pytest.raises(UsageError, match="is not an activity"):
        undone_on_failure(print, "refund")
