"""Advice: a run that reports success returns what it returns without any fault."""

from __future__ import annotations

from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant


def same_outcome_as_without_fault(fault_free: ExploredRun) -> Invariant:
    """Make the advisory invariant: a run that reports success returns what it returns without any fault."""
    expected = fault_free.value(fault_free.outcome.result)

    def check(run: ExploredRun) -> str | None:
        if run.failed or run.value(run.outcome.result) == expected:
            return None
        came = run.value(run.outcome.result)
        return f"the workflow returns {came}; without any fault it returns {expected}."

    return Invariant(name="same_outcome_as_without_fault", check=check, advisory=True)
