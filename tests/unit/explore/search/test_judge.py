"""The verdict of one schedule."""

from __future__ import annotations

import pytest

from harness import ExploredRun, at_most_once, undone_on_failure
from harness.evidence.history import Status
from harness.evidence.schedule_events import DriverFailed
from harness.explore.model.invariant import Invariant, named
from harness.explore.search.judge import TITLE
from harness.verdict import Verdict
from tests.unit.explore.made import effect, judged_by, ran

UNDONE = undone_on_failure("charge", "refund")
STANDS = {"status": Status.FAILED}


def test_a_run_that_keeps_every_promise_has_passed() -> None:
    """And is kept without its histories."""
    assert judged_by(ran(schedule="charge#1:lost"), [UNDONE]).verdict is Verdict.PASSED


def test_a_broken_promise_fails() -> None:
    """Whichever fault brought it out."""
    assert judged_by(ran(effect("charge"), status=Status.FAILED), [UNDONE]).verdict is Verdict.FAILED


def test_a_fault_that_did_not_strike_proves_nothing() -> None:
    """Armed is not fired."""
    judged = judged_by(ran(schedule="charge#1:lost", reached=()), [UNDONE])

    assert judged.verdict is Verdict.INCONCLUSIVE
    assert judged.unclear == ("the fault charge#1:lost never fired; declared: at least 1.",)


def test_an_invariant_that_fails_itself_proves_nothing() -> None:
    """It is told, with what it raised."""

    def careless(run: ExploredRun) -> bool:
        return bool(run.world["balance"])

    judged = judged_by(ran(), [named(careless)])

    assert judged.verdict is Verdict.INCONCLUSIVE
    assert "careless itself failed: TypeError" in judged.unclear[0]


def test_an_undo_that_is_refused_for_good_is_told_apart() -> None:
    """Nobody could have undone it."""
    run = ran(effect("charge"), schedule="ship#1:non_retryable,refund#1:non_retryable", status=Status.FAILED)
    judged = judged_by(run, [UNDONE])

    assert judged.excused
    assert judged.broken
    assert judged.verdict is Verdict.PASSED


def test_whoever_names_no_undo_is_told_how() -> None:
    """What only runs when something else has failed may be the undo; only the person who wrote it can say."""

    def nothing_is_charged(_: ExploredRun) -> str:
        return "somebody is charged"

    run = ran(effect("charge"), schedule="ship#1:non_retryable,refund#1:non_retryable", status=Status.FAILED)
    (told,) = judged_by(run, [named(nothing_is_charged)], usual={"charge", "ship"}).broken
    (usual,) = judged_by(run, [named(nothing_is_charged)], usual={"charge", "ship", "refund"}).broken

    assert told.verdict is Verdict.FAILED
    assert 'Invariant(..., undoes=frozenset({"refund"}))' in told.detail
    assert usual.detail == ""


def test_what_was_done_twice_needs_no_undo() -> None:
    """A ready-made invariant knows what it is about."""
    twice = [effect("charge", result="a"), effect("charge", result="b")]
    run = ran(*twice, schedule="ship#1:non_retryable,refund#1:non_retryable", status=Status.FAILED)
    broken = judged_by(run, [at_most_once("charge")], usual={"charge", "ship"}).broken

    assert [one.detail for one in broken] == [""]


def test_an_undo_whose_answer_is_lost_is_not() -> None:
    """It can be done again."""
    run = ran(effect("charge"), schedule="ship#1:non_retryable,refund#1:lost", status=Status.FAILED)

    assert judged_by(run, [UNDONE]).verdict is Verdict.FAILED


def test_advice_fails_nothing() -> None:
    """It is told, and that is all."""
    advisory = Invariant(name="nicer", check=lambda _: "could be nicer", advisory=True)
    judged = judged_by(ran(), [advisory])

    assert judged.verdict is Verdict.PASSED
    assert len(judged.advice) == 1


def test_a_drive_that_fails_without_any_fault_proves_nothing() -> None:
    """Under a fault it may well meet a workflow that is gone."""
    assert judged_by(ran(raised="KeyError: 'x'"), []).verdict is Verdict.INCONCLUSIVE
    assert judged_by(ran(raised="RPCError: gone", schedule="a#1:error"), []).verdict is Verdict.PASSED


def test_what_a_drive_raises_is_reported_and_no_workflow_is_blamed_that_waits_for_it() -> None:
    """The workflow does not fail to end: nobody sends what it waits for."""
    judged = judged_by(ran(raised="WorkflowUpdateFailedError: no", open="a signal", schedule="a#1:error"), [])

    assert (judged.verdict, judged.broken) == (Verdict.INCONCLUSIVE, ())
    assert judged.unclear[0].startswith("the driver failed: WorkflowUpdateFailedError: no. The workflow then waited")


def test_a_mistake_of_the_drive_s_own_proves_nothing_under_a_fault_either() -> None:
    """What a client is told under faults is an answer; a KeyError is not, and the drive has not done its part."""
    failed = DriverFailed(what="KeyError: 'seat'", by_client=False)
    judged = judged_by(ran(schedule="a#1:error", events=[failed]), [])

    assert judged.unclear == ("the driver failed: KeyError: 'seat'.",)


def test_of_a_run_that_did_not_end_nothing_else_is_told() -> None:
    """What it left half done, it might yet have undone."""
    run = ran(effect("charge"), status=Status.TERMINATED, open="a timer")

    assert [one.oracle for one in judged_by(run, [UNDONE]).broken] == ["terminates"]


@pytest.mark.parametrize(
    ("schedule", "apart"),
    [
        ("flights.cancel#1:http_400", True),
        ("flights.cancel#1:http_503", False),
        ("flights.book#1:unavailable", False),
        ("flights.book#1:outage", True),
        ("hotels.book#1:outage", False),
    ],
)
def test_a_service_that_is_gone_for_good_undoes_nothing_either(schedule: str, apart: bool) -> None:  # noqa: FBT001
    """Whichever of its operations met the outage."""
    broken = Invariant(name="no_orphans", check=lambda _run: "left", undoes=frozenset({"flights.cancel"}))

    assert judged_by(ran(schedule=schedule), [broken]).excused is apart


def test_an_activity_that_has_been_seen_to_ask_for_the_undo_is_told_apart_too() -> None:
    """When it is refused for good."""
    broken = Invariant(name="no_orphans", check=lambda _run: "left", undoes=frozenset({"bank.refund"}))
    seen = frozenset({("refund", "bank.refund")})

    assert judged_by(ran(schedule="refund#1:non_retryable"), [broken], undoing=seen).excused
    assert not judged_by(ran(schedule="refund#1:lost"), [broken], undoing=seen).excused
    assert not judged_by(ran(schedule="refund#1:non_retryable"), [broken]).excused


def test_what_the_refused_undo_has_nothing_to_do_with_is_a_finding() -> None:
    """One that cannot work excuses none of the others."""
    charged = Invariant(name="undone", check=lambda _run: "charged", undoes=frozenset({"refund"}))
    shipped = Invariant(name="undone", check=lambda _run: "shipped", undoes=frozenset({"unship"}))
    judged = judged_by(ran(schedule="refund#1:non_retryable"), [charged, shipped])

    assert judged.verdict is Verdict.FAILED
    assert not judged.excused
    assert [one.title for one in judged.broken] == ["shipped"]


def test_a_title_is_cut() -> None:
    """An invariant may put a payload of megabytes into it."""
    judged = judged_by(ran(), [Invariant(name="small", check=lambda _run: "x" * 3_000_000)])

    assert len(judged.broken[0].title) == TITLE
