"""What is taken in one place arrives in another: amounts of all effects add up."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from harness.errors import UsageError
from harness.evidence.schedule_events import Effect
from harness.explore.invariants.at_most_once import distinct
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant

Number = int | float | Decimal


def conserved(amount: Callable[[Effect], Number], *, total: Number = 0, name: str = "conserved") -> Invariant:
    """Make the invariant: when a run has ended, the amounts of its effects add up to `total`.

    Args:
        amount: What an effect adds, negative for what it takes; 0 for one that is not concerned.
        total: What they add up to.
        name: How a report calls it.

    Raises:
        UsageError: `amount` cannot be called; or, once it is judged, it is 0 for all effects of the fault-free run.
    """
    if not callable(amount):
        raise UsageError(f"{name}: `amount` must be a function of an effect, got {amount!r}.")

    def check(run: ExploredRun) -> str | None:
        parts = [(effect, amount(effect)) for effect in distinct(list(run.effects))]
        if parts and not run.schedule.faults and not any(part for _, part in parts):
            done = ", ".join(dict.fromkeys(effect.activity for effect, _ in parts))
            raise UsageError(f"`amount` is 0 for every effect of the fault-free run ({done}), so nothing is added up.")
        found = sum(part for _, part in parts)
        if found == total:
            return None
        parts_shown = ", ".join(f"{effect.activity} {part:+}" for effect, part in parts if part)
        return f"the effects add up to {found}, expected {total}: {parts_shown}."

    return Invariant(name=name, check=check)
