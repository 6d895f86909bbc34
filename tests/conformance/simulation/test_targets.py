"""Every single fault leads an application the same way in simulation as on a real server."""

from __future__ import annotations

import asyncio
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
"""How often a schedule is run on the real server at most, for a race to be decided there as in simulation."""

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


async def judged_run(backend: SharedWorker, schedule: Schedule) -> Judged:
    """Run a schedule, and judge it by the target's own invariants."""
    invariants = [*map(named, backend.target.invariants)]
    result = await backend.run(schedule, invariants)
    return judged(result.evidence, result.findings, invariants)


async def in_simulation(target: Target) -> dict[Schedule, Way]:
    """Return which way each single fault leads in simulation; alone, since a real server keeps the machine busy."""
    simulated = SimulatedWorker(target)
    async with simulated.working():
        explored = await Campaign("target", simulated, CampaignPlan(shrinks=False)).run()
        schedules = [one.schedule for one in explored.judged]
        return {one: way(await judged_run(simulated, one)) for one in schedules}


async def never_there(real: SharedWorker, schedule: Schedule, expected: Way) -> Way | None:
    """Return which way a schedule leads on a real server if that is never the one that is expected."""
    found = None
    for _ in range(TIMES):
        found = way(await judged_run(real, schedule))
        if found == expected:
            return None
    return found


@pytest.mark.parametrize("name", TARGETS)
async def test_each_single_fault_goes_the_same_way(name: str, tmp_path: Path) -> None:
    """Verdict, calls, effects and failure are the same; where a race decides, at least once."""
    target = load_target(f"tests/explored/{name}", root=ROOT)
    expected = await in_simulation(target)
    compared = {one: led for one, led in expected.items() if str(one) not in NOT_COMPARED.get(name, ())}
    log = tmp_path / "log"
    async with ProcessGuard() as guard, dev_server(guard=guard, log=log, wanted=target.server()) as server:
        real = SharedWorker(target, server.client)
        async with real.working():
            real.learn((await judged_run(real, FAULT_FREE)).run)
            found = await asyncio.gather(*(never_there(real, one, led) for one, led in compared.items()))

    assert len(compared) > 1
    assert [
        f"{one}: {led} instead of {compared[one]}" for one, led in zip(compared, found, strict=True) if led is not None
    ] == []
