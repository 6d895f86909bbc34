"""Whether other runs disturbed a run, and what is reported of its second."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.events import Event
from harness.evidence.schedule_events import HeldUp, LoopBlocked, MachineBusy
from harness.results import Result
from harness.run.held_up import as_second, busy, disturbance
from harness.verdict import Finding, Verdict
from tests.unit import builders


def _held_up(seconds: float) -> HeldUp:
    return HeldUp(by="charge of saga/slow", where="shop/activities.py:9", seconds=seconds)


def _blocked(seconds: float) -> LoopBlocked:
    return LoopBlocked(activity="charge", where="shop/activities.py:9", seconds=seconds)


def _result(*events: Event, verdict: Verdict = Verdict.FAILED) -> Result:
    of = builders.evidence(*events)
    return builders.result(*([] if verdict is Verdict.PASSED else [builders.finding(verdict=verdict)]), of=of)


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.INCONCLUSIVE])
def test_what_was_held_up_and_is_red_is_in_doubt(verdict: Verdict) -> None:
    """It names who held it up, and where."""
    red = _result(_held_up(0.4), _held_up(1.9), verdict=verdict)

    assert disturbance(red) == "charge of saga/slow blocked the event loop for 1.9 s (at shop/activities.py:9)"


@pytest.mark.parametrize(
    "result",
    [
        _result(_held_up(9), verdict=Verdict.PASSED),
        _result(_held_up(1.9)),
        _result(),
        _result(_held_up(9), _blocked(9)),
    ],
    ids=["passed", "for a moment", "alone", "it blocks itself"],
)
def test_other_verdicts_stand(result: Result) -> None:
    """What passed all the same has passed; who blocks the loop is not cleared by another run."""
    assert disturbance(result) == ""


def test_the_second_run_says_why_there_is_one() -> None:
    """With the first run's verdict and folder, and what there was to know anyway."""
    first = replace(_result(_held_up(2)), folder=Path("runs/a"))
    second = as_second(replace(_result(verdict=Verdict.PASSED), note="it moved."), first=first)

    assert second.verdict is Verdict.PASSED
    assert second.note == (
        "it moved. run again alone: in its first run, which was FAILED, charge of saga/slow blocked the event loop for "
        "2.0 s (at shop/activities.py:9); see runs/a"
    )


BUSY = MachineBusy(seconds=2.5, starved=2, lasted=4)


def test_what_was_red_on_a_busy_machine_is_in_doubt() -> None:
    """Whatever it found, unless only the application can be the reason."""
    stuck = Finding(oracle="no_stuck_task", title="a workflow task fails (KeyError)")
    frozen = Finding(oracle="no_stuck_task", title="a workflow task fails: [TMPRL1101] Potential deadlock detected")
    of = builders.evidence(BUSY)

    assert busy(_result(BUSY)) == "processes of the run waited for a CPU for 2.5 of 4.0 s"
    assert busy(_result(BUSY, verdict=Verdict.INCONCLUSIVE))
    assert busy(builders.result(frozen, of=of))
    assert busy(_result()) == ""
    assert busy(_result(BUSY, verdict=Verdict.PASSED)) == ""
    assert busy(builders.result(stuck, of=of)) == ""
    assert busy(builders.result(Finding(oracle="replays_cleanly", title="it does not replay."), of=of)) == ""


def test_the_second_run_for_a_busy_machine_says_so() -> None:
    """A gate tells it from one that another scenario has disturbed."""
    first, passed = _result(BUSY), _result(verdict=Verdict.PASSED)
    second = as_second(passed, first=first)

    assert second.machine_was_busy
    assert "which was FAILED, processes of the run waited for a CPU for 2.5 of 4.0 s; see" in second.note
    assert not as_second(passed, first=_result(_held_up(2))).machine_was_busy


def _red(title: str, *events: Event, oracle: str = "no_orphans") -> Result:
    return builders.result(Finding(oracle=oracle, title=title), of=builders.evidence(*events))


def test_what_fails_in_another_way_on_a_machine_that_is_still_too_busy_cannot_be_told() -> None:
    """What was found stays readable, below the reason why it proves nothing."""
    second = as_second(_red("2 calls of a were late.", BUSY), first=_red("the workflow had not ended.", BUSY))

    assert second.verdict is Verdict.INCONCLUSIVE
    assert [(one.oracle, one.verdict) for one in second.findings] == [
        ("machine_too_busy", Verdict.INCONCLUSIVE),
        ("no_orphans", Verdict.INCONCLUSIVE),
    ]
    assert second.findings[0].title.startswith(
        "the machine was too busy: processes of the run waited for a CPU for 2.5 of 4.0 s"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_red("2 bookings stand.", BUSY), _red("3 bookings stand.", BUSY)),
        (_red("2 calls of a were late.", BUSY), _red("a booking stands.")),
        (_red("2 calls of a were late.", BUSY), _red("it drifts.", BUSY, oracle="replays_cleanly")),
        (_red("a booking stands.", _held_up(9)), _red("2 calls of a were late.", BUSY)),
    ],
    ids=["the same twice", "the machine is not busy any more", "only the code can do that", "not for the machine"],
)
def test_an_applications_own_failure_is_not_hidden(first: Result, second: Result) -> None:
    """However busy the machine was."""
    assert as_second(second, first=first).verdict is Verdict.FAILED
