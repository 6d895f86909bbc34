"""Single faults lead an application the same way in simulation as on a real server."""

from __future__ import annotations

import pytest

from tests.conformance.simulation.comparison import compared
from tests.conformance.simulation.targets import NOT_COMPARED, TARGETS, target_of

SAMPLE = 8
"""How many schedules of each; all of them, and pairs, are compared by `tests.benchmarks.simulation`."""

NOT_HERE = ("auction", "newsletter_broken", "seminar_broken", "sealed_broken")
"""Targets that hardly differ from others: each costs seconds."""


@pytest.mark.parametrize("name", [one for one in TARGETS if not any(other in one for other in NOT_HERE)])
async def test_a_fault_leads_the_same_way(name: str) -> None:
    """Verdict, calls, effects and failure are the same; where a race decides, at least once."""
    found = await compared(
        target_of(name), faults=1, sample=SAMPLE, seed=TARGETS.index(name), but=NOT_COMPARED.get(name, set())
    )

    assert [*found.different, *found.unstable, *found.unmodelled] == []
    assert found.same > 1
