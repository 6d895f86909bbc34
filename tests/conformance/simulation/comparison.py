"""Compares where schedules lead in simulation with where they lead on a real server."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from harness.environment.temporal.dev_server import dev_server
from harness.evidence.calls import CallMade
from harness.explore.backends.shared_worker import SharedWorker
from harness.explore.backends.simulated_first import Way, way
from harness.explore.backends.simulated_worker import SimulatedWorker
from harness.explore.model.invariant import named
from harness.explore.model.schedule import FAULT_FREE, PlannedFault, Schedule
from harness.explore.model.target import Target
from harness.explore.search.fault_points import faults_at, that_began
from harness.explore.search.judge import Judged, judged
from harness.explore.search.selection import extended
from harness.library_internals.activity_definition import activity_name
from harness.processes.guard import ProcessGuard
from harness.simulation.unmodelled import Unmodelled

TIMES = 6
"""How often a schedule is run on the real server at most, for a race to be decided there as in simulation."""

AT_ONCE = 8
"""How many schedules run concurrently on the real server."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came out of it.

    Attributes:
        same: How many schedules led the same way.
        races: Those that the real server decided in several ways, one of them that of the simulation.
        unstable: Those that led another way in simulation the second time.
        unmodelled: What is not modelled, with its schedules.
        different: What differs, a line for each schedule.
    """

    same: int
    races: Sequence[str]
    unstable: Sequence[str]
    unmodelled: Sequence[str]
    different: Sequence[str]


async def compared(target: Target, *, faults: int, sample: int | None, seed: int, but: Collection[str]) -> Comparison:
    """Run schedules in simulation, and then on a real server.

    Args:
        target: The application.
        faults: How many faults each has.
        sample: How many schedules; None for all.
        seed: What the sample is drawn from.
        but: Schedules that are left out.
    """
    here: dict[Schedule, Way] = {}
    unstable, unmodelled = list[str](), list[str]()
    simulated = SimulatedWorker(target)
    async with simulated.working():
        planned = [one for one in await _planned(simulated, faults) if not _one_of(one, but)]
        many = len(planned) if sample is None else min(sample, len(planned))
        for schedule in Random(seed).sample(planned, many):  # noqa: S311 - not for secrets
            try:
                here[schedule] = await _way(simulated, schedule)
                if await _way(simulated, schedule) != here[schedule]:
                    unstable.append(str(schedule))
            except Unmodelled as error:
                here.pop(schedule, None)
                unmodelled.append(f"{schedule}: {error.what}")
    there = await _on_server(target, here)
    return Comparison(
        same=sum(found[-1] == here[one] for one, found in there.items()),
        races=[str(one) for one, found in there.items() if found[-1] == here[one] and len(found) > 1],
        unstable=unstable,
        unmodelled=unmodelled,
        different=[_said(one, here[one], found) for one, found in there.items() if found[-1] != here[one]],
    )


def _one_of(schedule: Schedule, names: Collection[str]) -> bool:
    return any(str(one) in names for one in schedule.faults)


async def _planned(simulated: SimulatedWorker, faults: int) -> list[Schedule]:
    target = simulated.target
    reads = frozenset(map(activity_name, target.reads))

    def faults_of(calls: Iterable[CallMade]) -> list[PlannedFault]:
        return [one for made in calls for one in faults_at(made, reads=reads, without=target.without)]

    without = (await _judged(simulated, FAULT_FREE)).run
    simulated.learn(without)
    planned = [Schedule(faults=(one,)) for one in faults_of(that_began(without))]
    for _ in range(1, faults):
        frontier = list[Judged]()
        for one in planned:
            try:
                frontier.append(await _judged(simulated, one))
            except Unmodelled:
                continue
        planned = extended(without, frontier, faults_of=faults_of, first=None)
    return planned


async def _on_server(target: Target, here: dict[Schedule, Way]) -> dict[Schedule, list[Way]]:
    """Return the ways that schedules lead on a real server, until one is as in simulation."""
    few = asyncio.Semaphore(1 if target.one_at_a_time else AT_ONCE)

    async def ways(real: SharedWorker, schedule: Schedule) -> list[Way]:
        found: list[Way] = []
        async with few:
            while len(found) < TIMES and here[schedule] not in found:
                found.append(await _way(real, schedule))
        return found

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        async with ProcessGuard() as guard, dev_server(guard=guard, log=log, wanted=target.server()) as server:
            real = SharedWorker(target, server.client)
            async with real.working():
                real.learn((await _judged(real, FAULT_FREE)).run)
                found = await asyncio.gather(*(ways(real, one) for one in here))
    return dict(zip(here, found, strict=True))


async def _way(backend: SharedWorker, schedule: Schedule) -> Way:
    return way(await _judged(backend, schedule))


async def _judged(backend: SharedWorker, schedule: Schedule) -> Judged:
    """Run a schedule, and judge it by the target's own invariants."""
    invariants = [*map(named, backend.target.invariants)]
    result = await backend.run(schedule, invariants)
    return judged(result.evidence, result.findings, invariants)


def _said(schedule: Schedule, here: Way, there: Sequence[Way]) -> str:
    said = [f"{schedule}: in simulation {_short(here, there[-1])}"]
    for one, times in Counter(there).most_common():
        said.append(f"  on a real server {times} times {_short(one, here)}")
    return "\n".join(said)


def _short(one: Way, other: Way) -> str:
    """Return what of a way is not in another."""
    only = Counter(one[1]) - Counter(other[1])
    return f"{one[0]}, {' '.join(only.elements()) or 'nothing else'}, {one[2]}"
