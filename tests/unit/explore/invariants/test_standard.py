"""What must hold of every application."""

from __future__ import annotations

from harness.explore.invariants.standard import STANDARD, same_outcome_as_without_fault
from harness.explore.model.explored_run import breaches
from tests.unit.explore.made import TOKEN, ran

terminates, no_stuck_task, lets_others_go_on, replays_cleanly = STANDARD
STACK = 'File "/app/flow.py", line 3, in run\nFile "/app/flow.py", line 9, in _undo\n'


def test_a_run_that_did_not_end_breaks_terminates() -> None:
    """And says what it was waiting for."""
    (found,) = breaches(terminates, ran(open="activity charge at attempt 9"))

    assert "activity charge at attempt 9" in found.what
    assert breaches(terminates, ran()) == []


def test_a_stuck_task_is_another_promise() -> None:
    """It is known by its place, so that one mistake is one finding whatever brought it out."""
    stuck = ran(stuck=("no attribute", STACK), open="a workflow task")

    assert breaches(terminates, stuck) == []
    assert [one.subject for one in breaches(no_stuck_task, stuck)] == ["flow.py:9"]


def test_a_history_that_does_not_replay_is_told() -> None:
    """With what the replay said."""
    assert "Nondeterminism" in breaches(replays_cleanly, ran(replay="Nondeterminism error"))[0].what
    assert breaches(replays_cleanly, ran()) == []


def test_another_outcome_is_advice() -> None:
    """The token aside, and only of runs that report success."""
    same = same_outcome_as_without_fault(ran(result=f"paid {TOKEN}"))

    assert same.advisory
    assert breaches(same, ran(result=f"paid {TOKEN}")) == []
    assert breaches(same, ran(result={"success": False})) == []
    assert len(breaches(same, ran(result="paid later"))) == 1


def test_an_activity_that_had_to_be_interrupted_breaks_lets_others_go_on() -> None:
    """And is named, with the place; that the run did not end is not told besides."""
    run = ran(hung=("charge", "/app/bank.py:7"), open="activity charge")
    (found,) = breaches(lets_others_go_on, run)

    assert "/app/bank.py:7" in found.what
    assert found.subject == "charge"
    assert breaches(terminates, run) == breaches(lets_others_go_on, ran()) == []
