"""Advice: a run that reports success returns what it returns without any fault."""

from __future__ import annotations

from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant
from harness.files.wording import around_difference


def same_outcome_as_without_fault(fault_free: ExploredRun) -> Invariant:
    """Make the advisory invariant: a run that reports success returns what it returns without any fault."""
    expected = fault_free.value(fault_free.outcome.result)

    def check(run: ExploredRun) -> str | None:
        if run.failed or run.value(run.outcome.result) == expected:
            return None
        came = run.value(run.outcome.result)
        came_shown, expected_shown = around_difference(came, expected)
        return f"the workflow returns {came_shown}; without any fault it returns {expected_shown}."

    return Invariant(name="same_outcome_as_without_fault", check=check, advisory=True)
