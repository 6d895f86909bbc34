"""A workflow task fails for a while, without harm."""

from __future__ import annotations

import pytest

from harness import StuckTask, Verdict, WorkflowTaskStuck
from harness.oracle import ToleratingOracle
from tests.unit.builders import history, judged, recorded

MOVED = WorkflowTaskStuck(
    workflow_id="w", cause="NON_DETERMINISTIC_ERROR", message="[TMPRL1100] Nondeterminism error", stack=""
)
FAILED, COMPLETED = recorded("WORKFLOW_TASK_FAILED"), recorded("WORKFLOW_TASK_COMPLETED")
HEALED, STUCK = history(FAILED, COMPLETED), history(COMPLETED, FAILED)
ORACLE = StuckTask(cause="NON_DETERMINISTIC_ERROR", text="TMPRL1100")


def test_a_task_that_failed_and_healed_is_acquitted() -> None:
    """A later one succeeded."""
    assert judged(ORACLE, MOVED, HEALED) == []


def test_a_task_that_failed_for_good_is_acquitted_where_that_is_declared() -> None:
    """And only there."""
    assert judged(StuckTask(cause="NON_DETERMINISTIC_ERROR", heals=False), MOVED, STUCK) == []


@pytest.mark.parametrize(
    "oracle",
    [StuckTask(cause="WORKFLOW_WORKER_UNHANDLED_FAILURE"), StuckTask(cause=MOVED.cause, text="printer")],
    ids=["other-cause", "other-text"],
)
def test_another_failure_is_convicted(oracle: StuckTask) -> None:
    """With what was seen instead."""
    (found,) = judged(oracle, MOVED, HEALED)

    assert found.verdict is Verdict.FAILED
    assert found.title.startswith("a workflow task failed with NON_DETERMINISTIC_ERROR: [TMPRL1100] ")
    assert f", expected {oracle.cause}" in found.title
    assert "TMPRL1100" in found.detail


def test_no_failure_at_all_is_convicted() -> None:
    """The run has not met what it was about."""
    (found,) = judged(ORACLE, history(COMPLETED))

    assert found.title == f"no workflow task failed, expected {ORACLE.cause} with {ORACLE.text!r}."


@pytest.mark.parametrize(
    ("heals", "seen", "said"),
    [(True, STUCK, "never succeeded later, expected success"), (False, HEALED, "succeeded later, expected no success")],
)
def test_another_course_is_convicted(heals: bool, seen: object, said: str) -> None:  # noqa: FBT001 - a table's column
    """What should heal must, what should not must not."""
    (found,) = judged(StuckTask(cause=MOVED.cause, heals=heals), MOVED, seen)  # type: ignore[arg-type]  # a history

    assert said in found.title
    assert found.refs == ("w",)


@pytest.mark.parametrize(
    ("cause", "borne"),
    [("NON_DETERMINISTIC_ERROR", True), ("UNREPORTED", True), ("WORKFLOW_WORKER_UNHANDLED_FAILURE", False)],
)
def test_it_bears_its_own_cause_and_silence(cause: str, borne: bool) -> None:  # noqa: FBT001 - a table's column
    """Any other failing task ends the run as ever."""
    stuck = WorkflowTaskStuck(workflow_id="w", cause=cause, message="", stack="")

    assert isinstance(ORACLE, ToleratingOracle)
    assert ORACLE.tolerates(stuck) is borne
