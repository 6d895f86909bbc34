"""Which schedules run in simulation, which on the real server, and what of it is believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from harness import ExploredRun, Target, undone_on_failure
from harness.evidence.history import Status
from harness.explore.backends.shared_worker import SharedWorker
from harness.explore.backends.simulated_first import UNMODELLED_AT_FIRST, SimulatedFirst
from harness.explore.backends.simulated_worker import SimulatedWorker
from harness.explore.model.schedule import FAULT_FREE, Schedule, parse
from harness.explore.search.judge import Judged
from harness.oracle import Oracle
from harness.results import Result
from harness.simulation.unmodelled import Unmodelled
from tests.explored.shop.workflow import PlaceOrder
from tests.unit.explore.made import effect, ran, result_of

LOST, DOWN = parse("charge#1:lost"), parse("charge#1:down")


class Performs:
    """Runs schedules by a function, and remembers which."""

    def __init__(self, perform: Callable[[Schedule], ExploredRun]) -> None:
        self.target = Target(
            workflows=[PlaceOrder], workflow=PlaceOrder.run, invariants=[undone_on_failure("charge", "refund")]
        )
        self.jobs = 4
        self.performed: list[str] = []
        self._perform = perform

    async def run(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        """One schedule."""
        self.performed.append(str(schedule))
        return result_of(self._perform(schedule), expects)


def charged(schedule: Schedule) -> ExploredRun:
    """A run in which all went well."""
    return ran(effect("charge"), schedule=schedule)


def off(schedule: Schedule) -> ExploredRun:
    """A run that fails, and has done nothing."""
    return ran(status=Status.FAILED, schedule=schedule)


def unmodelled(_: Schedule) -> ExploredRun:
    """A run in which something comes up that is not modelled."""
    raise Unmodelled("moonlight")


def both(
    simulated: Callable[[Schedule], ExploredRun], real: Callable[[Schedule], ExploredRun] = charged
) -> tuple[SimulatedFirst, Performs, Performs]:
    """The backend, and both of those that it has."""
    here, there = Performs(simulated), Performs(real)
    return SimulatedFirst(cast("SimulatedWorker", here), cast("SharedWorker", there)), here, there


def passed(*schedules: Schedule) -> list[Judged]:
    """What a campaign kept of runs that passed."""
    return [Judged(run=charged(one)) for one in schedules]


async def test_a_schedule_runs_in_simulation_and_the_one_without_faults_on_the_server() -> None:
    """That one counts: everything else is compared with it."""
    backend, here, there = both(charged)
    await backend.run(FAULT_FREE, [])
    await backend.run(LOST, [])

    assert (here.performed, there.performed) == (["charge#1:lost"], ["fault-free"])


async def test_what_is_not_modelled_runs_on_the_server_and_is_named() -> None:
    """After a few of which not one is, simulation is not tried any more."""
    backend, here, there = both(unmodelled)
    for _ in range(UNMODELLED_AT_FIRST + 2):
        await backend.run(LOST, [])

    assert len(here.performed) == UNMODELLED_AT_FIRST
    assert len(there.performed) == UNMODELLED_AT_FIRST + 2
    assert "moonlight" in " ".join(backend.ran)


async def test_a_sample_that_goes_the_same_way_says_nothing() -> None:
    """Each of it was run in both."""
    backend, here, there = both(charged)
    await backend.run(LOST, [])

    assert await backend.difference(passed(LOST, DOWN), seed=1) == ""
    assert {*here.performed} == {*there.performed} == {str(LOST), str(DOWN)}


async def test_a_sample_that_goes_another_way_each_time_is_told() -> None:
    """With the schedule, and what was different."""
    backend, _, _ = both(charged, off)
    await backend.run(LOST, [])

    told = await backend.difference(passed(LOST), seed=1)

    assert told.startswith("charge#1:lost went another way on the real server than in simulation")
    assert "effect of charge#1" in told


async def test_a_race_that_the_server_decides_differently_is_no_difference() -> None:
    """It goes another way once and the same way when it is run again."""
    ways = iter((off, charged))

    def either(schedule: Schedule) -> ExploredRun:
        return next(ways)(schedule)

    backend, _, _ = both(charged, either)
    await backend.run(LOST, [])

    assert await backend.difference(passed(LOST), seed=1) == ""


async def test_without_anything_in_simulation_there_is_nothing_to_compare() -> None:
    """All of it has run on the server."""
    backend, _, there = both(unmodelled)

    assert await backend.difference(passed(LOST), seed=1) == ""
    assert there.performed == []
