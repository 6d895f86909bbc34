"""Whether other runs disturbed a run, and what is reported of its second."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.events import Event
from harness.evidence.schedule_events import HeldUp, LoopBlocked
from harness.results import Result
from harness.run.held_up import as_second, disturbance
from harness.verdict import Verdict
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
