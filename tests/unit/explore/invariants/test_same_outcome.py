"""Advice: what a run returns that reports success."""

from __future__ import annotations

from harness.explore.invariants.same_outcome import same_outcome_as_without_fault
from tests.unit.explore.made import TOKEN, found_by, ran


def test_a_run_that_reports_success_returns_what_it_returns_without_any_fault() -> None:
    """The run id aside; one that reports failure returns what it likes."""
    same = same_outcome_as_without_fault(ran(result=f"paid {TOKEN}"))

    assert found_by(same, ran(result=f"paid {TOKEN}")) == []
    assert found_by(same, ran(result={"success": False})) == []
    assert len(found_by(same, ran(result="paid later"))) == 1
