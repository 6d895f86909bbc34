"""Every single fault leads an application the same way in simulation as on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from harness.environment.temporal.dev_server import dev_server
from harness.explore.backends.shared_worker import SharedWorker
from harness.explore.backends.simulated_first import Way, way
from harness.explore.backends.simulated_worker import SimulatedWorker
from harness.explore.load_target import load_target
from harness.explore.model.invariant import named
from harness.explore.model.schedule import FAULT_FREE, Schedule
from harness.explore.model.target import Target
from harness.explore.search.campaign import Campaign, CampaignPlan
from harness.explore.search.judge import Judged, judged
from harness.processes.guard import ProcessGuard

ROOT = Path(__file__).parents[3]

TIMES = 4
"""How often a schedule is run on either side at most, for a race to be decided there as here."""

NOT_COMPARED = {
    # How often a workflow that never ends looks depends on when it is given up.
    "shop_target.py": {"is_delivered#1:down", "is_delivered#1:non_retryable"},
}
"""Schedules whose way is a matter of time, by target."""

TARGETS = (
    "approval_target.py",
    "errands.py",
    "parcel_target.py",
    "seat.py",
    "shop_target.py",
    "tally.py",
    *(f"foreign/{name}_target.py" for name in ("claims", "claims_broken", "newsletter", "newsletter_broken")),
    *(f"foreign/{name}_target.py" for name in ("sealed", "sealed_broken", "seminar", "seminar_broken")),
)


class Sides:
    """Both backends, for one target."""

    def __init__(self, simulated: SimulatedWorker, real: SharedWorker) -> None:
        self.simulated = simulated
        self.real = real

    async def apart(self, schedule: Schedule) -> tuple[Way, Way] | None:
        """Return both ways if no run here went as one there did."""
        here: list[Way] = []
        there: list[Way] = []
        for _ in range(TIMES):
            here.append(way(await judged_run(self.simulated, schedule)))
            there.append(way(await judged_run(self.real, schedule)))
            if {*here} & {*there}:
                return None
        return here[-1], there[-1]


async def judged_run(backend: SharedWorker, schedule: Schedule) -> Judged:
    """Run a schedule, and judge it by the target's own invariants."""
    invariants = [*map(named, backend.target.invariants)]
    result = await backend.run(schedule, invariants)
    return judged(result.evidence, result.findings, invariants)


@asynccontextmanager
async def both_sides(target: Target, log: Path) -> AsyncIterator[Sides]:
    """Run the application's workers, one in simulation and one on a real server."""
    async with ProcessGuard() as guard, dev_server(guard=guard, log=log, wanted=target.server()) as server:
        sides = Sides(SimulatedWorker(target), SharedWorker(target, server.client))
        async with sides.simulated.working(), sides.real.working():
            yield sides


@pytest.mark.parametrize("name", TARGETS)
async def test_each_single_fault_goes_the_same_way(name: str, tmp_path: Path) -> None:
    """Verdict, calls, effects and failure are the same; where a race decides, at least once."""
    target = load_target(f"tests/explored/{name}", root=ROOT)
    async with both_sides(target, tmp_path / "log") as sides:
        explored = await Campaign(name, sides.simulated, CampaignPlan(shrinks=False)).run()
        sides.real.learn((await judged_run(sides.real, FAULT_FREE)).run)
        schedules = [one.schedule for one in explored.judged if str(one.schedule) not in NOT_COMPARED.get(name, ())]
        compared = await asyncio.gather(*map(sides.apart, schedules))

    assert len(schedules) > 1
    assert {str(one): ways for one, ways in zip(schedules, compared, strict=True) if ways is not None} == {}
