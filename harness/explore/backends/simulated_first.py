"""Runs schedules in simulation where that can answer, and on a real server where it cannot, or where a result counts.

A finding is one only if the real server shows it, too. What passed in simulation is believed as long as a sample of it
goes the same way there.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from harness.explore.backends.shared_worker import SharedWorker
from harness.explore.backends.simulated_worker import SimulatedWorker
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import named
from harness.explore.model.schedule import Schedule
from harness.explore.model.target import Target
from harness.explore.search.judge import Judged, judged
from harness.oracle import Oracle
from harness.results import Result
from harness.simulation.unmodelled import Unmodelled
from harness.verdict import Verdict

SAMPLE_AT_LEAST = 20
"""How many schedules that passed in simulation are run on the real server at least."""

ONE_IN = 20
"""One in how many of them is, if that is more."""

UNMODELLED_AT_FIRST = 3
"""After how many schedules of which not one could be run in simulation the others are not tried there."""

Way = tuple[str, tuple[str, ...], tuple[str, ...]]
"""What two runs of one schedule have in common if they went the same way: verdict, calls and effects, failure."""


class SimulatedFirst:
    """Runs schedules against one target.

    Args:
        simulated: Runs them in simulation.
        real: Runs them on a real server.
    """

    processes = False

    def __init__(self, simulated: SimulatedWorker, real: SharedWorker) -> None:
        self.target: Target = real.target
        self._simulated = simulated
        self._real = real
        self._in_simulation = 0
        self._on_server = 0
        self._unmodelled: Counter[str] = Counter()

    @property
    def jobs(self) -> int:
        """How many schedules run concurrently."""
        return self._real.jobs

    @property
    def shortened(self) -> tuple[str, ...]:
        """What is not as in production, one sentence each."""
        return self._real.shortened

    def problems(self, schedule: Schedule) -> Iterator[str]:
        """Say what keeps a schedule from being run, one sentence each."""
        return self._real.problems(schedule)

    def learn(self, run: ExploredRun) -> None:
        """Remember how long bodies take when nothing goes wrong."""
        self._simulated.learn(run)
        self._real.learn(run)

    def alone(self) -> None:
        """Run one schedule at a time from now on, since runs disturb each other."""
        self._real.alone()

    async def run(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        """Run one schedule; the run without any fault counts, so that it is on the real server."""
        hopeless = not self._in_simulation and self._unmodelled.total() >= UNMODELLED_AT_FIRST
        if not schedule.faults or hopeless:
            return await self.confirm(schedule, expects)
        try:
            result = await self._simulated.run(schedule, expects)
        except Unmodelled as error:
            self._unmodelled[error.what] += 1
            return await self.confirm(schedule, expects)
        self._in_simulation += 1
        return result

    async def confirm(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        """Run one schedule on the real server, where what it shows counts."""
        self._on_server += 1
        return await self._real.run(schedule, expects)

    async def difference(self, passed: Sequence[Judged], *, seed: int) -> str:
        """Run a sample of what passed in simulation on the real server; say what went another way, "" for nothing.

        What goes another way is run again there and in simulation, since the real server decides some races
        differently from one time to the next.

        Args:
            passed: The runs that passed.
            seed: What the sample is drawn from.
        """
        if not self._in_simulation:
            return ""
        among = [one.schedule for one in passed if one.verdict is Verdict.PASSED and one.run.ended and not one.missed]
        many = min(len(among), max(SAMPLE_AT_LEAST, len(among) // ONE_IN))
        chosen = Random(seed).sample(among, many)  # noqa: S311 - not for secrets
        # Where runs disturb each other, one in simulation would disturb one on the server, too.
        slots = asyncio.Semaphore(self.jobs)
        found = await asyncio.gather(*(self._compared(one, slots) for one in chosen))
        return next((one for one in found if one), "")

    @property
    def ran(self) -> Iterator[str]:
        """Say where schedules were run, one sentence each."""
        yield (
            f"runs in simulation: {self._in_simulation}; on the real server: {self._on_server} (those without any "
            "fault, those that confirm a finding, a sample of what passed, and what is not modelled)."
        )
        for what, times in self._unmodelled.most_common():
            yield f"not modelled in simulation, so run on the real server: {what}; schedules: {times}."

    async def _compared(self, schedule: Schedule, slots: asyncio.Semaphore) -> str:
        async with slots:
            here, there = await self._way(self._simulated, schedule), await self._way(self._real, schedule)
            if here is None or here == there:
                return ""
            again = await self._way(self._simulated, schedule), await self._way(self._real, schedule)
        if again != (here, there):
            return ""
        return f"{schedule} went another way on the real server than in simulation: {_apart(here, there)}"

    async def _way(self, backend: SimulatedWorker | SharedWorker, schedule: Schedule) -> Way | None:
        invariants = [*map(named, self.target.invariants)]
        self._on_server += backend is self._real
        try:
            result = await backend.run(schedule, invariants)
        except Unmodelled:
            return None
        return way(judged(result.evidence, result.findings, invariants))


def way(one: Judged) -> Way:
    """Return which way a run went."""
    failure = one.run.outcome.failure
    return (
        one.verdict.name,
        one.run.shape,
        () if failure is None else tuple(link.label for link in failure.chain()),
    )


def _apart(here: Way | None, there: Way | None) -> str:
    assert here is not None and there is not None  # noqa: PT018, S101 - both were run
    if here[0] != there[0]:
        return f"{there[0]} instead of {here[0]}"
    only = sorted({*here[1]} ^ {*there[1]}) or sorted({*here[2]} ^ {*there[2]})
    return "; ".join(only[:4]) or "in how often something was called"
