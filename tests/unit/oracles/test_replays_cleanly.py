"""Every history of the run replays against the same code."""

from __future__ import annotations

from harness import ReplaysCleanly, Verdict
from harness.events import Replayed
from harness.evidence.history import read_history
from tests.unit.builders import completed, history_json, judged, recorded, verdict_of


def replayed(
    *, workflow_id: str = "trip-1", run_id: str = "run-1", error: str | None = None, drifts: tuple[str, ...] = ()
) -> Replayed:
    """A history was replayed."""
    return Replayed(workflow_id=workflow_id, run_id=run_id, error=error, drifts=drifts)


def test_all_replayed_is_acquitted() -> None:
    """Each history without an error."""
    found = judged(ReplaysCleanly(), replayed(), replayed(run_id="run-2"), completed(), completed(run_id="run-2"))

    assert found == []


def test_one_error_among_several_convicts() -> None:
    """The finding has the replayer's own words and says which history it is."""
    found = judged(ReplaysCleanly(), replayed(), replayed(workflow_id="child", run_id="r", error="[TMPRL1100] moved"))

    assert [(one.verdict, one.detail, one.refs) for one in found] == [
        (Verdict.FAILED, "[TMPRL1100] moved", ("child r",))
    ]


def test_a_replay_that_was_cut_off_proves_nothing() -> None:
    """It is neither for nor against the workflow."""
    cut = Replayed(workflow_id="trip-1", run_id="run-1", error=None, unjudged="does not yield: it loops (app.py:3).")
    [found] = judged(ReplaysCleanly(), cut, completed())

    assert (found.verdict, found.title) == (
        Verdict.INCONCLUSIVE,
        "the history of trip-1 was not replayed to its end: does not yield: it loops (app.py:3).",
    )


def test_nothing_replayed_tells_nothing() -> None:
    """Silence is not a clean replay."""
    assert verdict_of(judged(ReplaysCleanly(), completed())) is Verdict.INCONCLUSIVE


def test_a_history_left_out_is_named() -> None:
    """A parent that replays does not vouch for its child."""
    found = judged(ReplaysCleanly(), replayed(), completed(), completed(workflow_id="child", run_id="run-2"))

    assert [one.title for one in found] == ["the history of child run-2 was not replayed."]
    assert verdict_of(found) is Verdict.INCONCLUSIVE


def test_a_history_without_a_decision_need_not_be_replayed() -> None:
    """A child that was terminated before its first task took no decision to take again."""
    begun = history_json(recorded("WORKFLOW_EXECUTION_STARTED"), recorded("WORKFLOW_EXECUTION_TERMINATED"))
    undecided = read_history(begun, workflow_id="child", run_id="r")

    assert judged(ReplaysCleanly(), replayed(), completed(), undecided) == []
    assert judged(ReplaysCleanly(), undecided) == []
    assert verdict_of(judged(ReplaysCleanly(), undecided, completed())) is Verdict.INCONCLUSIVE


def test_other_commands_convict_although_it_replays() -> None:
    """The SDK's replayer would not have noticed."""
    found = judged(ReplaysCleanly(), replayed(drifts=("event 5: input was 1, is now 2",)), completed())

    assert [(one.verdict, one.detail) for one in found] == [(Verdict.FAILED, "event 5: input was 1, is now 2")]
