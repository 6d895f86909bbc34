"""No run's history grows beyond a stated size, however long the workflow lives."""

from __future__ import annotations

import pytest

from harness import HistoryBounded, UsageError, Verdict
from harness.evidence.history import History
from tests.unit.builders import completed, history, judged, recorded, verdict_of


def sized(size: int, *, run_id: str = "run-1", workflow_id: str = "trip-1") -> History:
    """A run of five events whose last workflow task tells of so many bytes."""
    return history(
        recorded("WORKFLOW_TASK_STARTED", historySizeBytes="10"),
        recorded("WORKFLOW_TASK_STARTED", historySizeBytes=str(size)),
        recorded("WORKFLOW_EXECUTION_CONTINUED_AS_NEW"),
        run_id=run_id,
        workflow_id=workflow_id,
    )


def test_runs_within_their_bounds_are_acquitted() -> None:
    """The bound itself is within."""
    runs = [sized(500), sized(400, run_id="run-2")]

    assert judged(HistoryBounded(events=5, size=500), *runs) == []


def test_each_run_beyond_is_convicted() -> None:
    """By its number, with what it has."""
    runs = [sized(500), sized(501, run_id="run-2")]
    found = judged(HistoryBounded(events=4, size=500), *runs)

    assert [one.title for one in found] == [
        "the history of run 1 has 5 events, expected at most 4.",
        "the history of run 2 has 5 events, expected at most 4.",
        "the history of run 2 has 501 bytes, expected at most 500.",
    ]
    assert found[-1].refs == ("run-2",)
    assert found[-1].detail == "it ended as ContinuedAsNew"


def test_children_have_bounds_of_their_own() -> None:
    """Only the runs of the scenario's workflow are measured."""
    runs = [sized(500), sized(900, workflow_id="child")]

    assert judged(HistoryBounded(size=500), *runs) == []


def test_when_it_cannot_tell() -> None:
    """Without a history, and without a size in it when the size is asked for."""
    assert verdict_of(judged(HistoryBounded(events=5))) is Verdict.INCONCLUSIVE
    assert verdict_of(judged(HistoryBounded(size=5), completed())) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(("events", "size"), [(None, None), (0, None), (5, -1)])
def test_it_wants_a_bound(events: int | None, size: int | None) -> None:
    """One that bounds nothing is refused."""
    with pytest.raises(UsageError, match="each positive"):
        HistoryBounded(events=events, size=size)
