"""How many schedules a second: an exploration, the same in simulation, and the naive way, side by side.

The naive way performs the same schedules one at a time, on a dev server as it comes, with production's waits. Kinds
that take a real timeout are left out of both, since they measure nothing but that timeout.

    python -m tests.benchmarks.explore
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import psutil
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from harness import Server, Target
from harness.environment.temporal.dev_server import dev_server
from harness.explore.backends.shared_worker import JOBS, SharedWorker, collect_rarely
from harness.explore.backends.simulated_worker import SimulatedWorker
from harness.explore.search.campaign import Campaign, CampaignPlan
from harness.explore.search.exploration import Exploration
from harness.processes.guard import ProcessGuard
from tests.explored.five.workflow import Five, step

AS_IT_COMES = {
    "history.timerProcessorMaxTimeShift": '"1s"',
    "history.transferProcessorMaxPollRPS": "20",
    "history.timerProcessorMaxPollRPS": "20",
    "history.visibilityProcessorMaxPollRPS": "20",
}
"""The server's own defaults, which `harness.environment.temporal.dev_server` changes."""

TIMES = 8
"""How often five calls are explored, for warming up not to weigh: 200 schedules."""


def target(steps: int) -> Target:
    """So many activities, and no kind that takes a timeout."""
    return Target(
        workflows=[Five],
        activities=[step],
        workflow=Five.run,
        given=lambda token: (token, steps),
        without=["*:timed_out_before", "*:timed_out_after", "*:zombie"],
    )


class Cost(NamedTuple):
    """What a schedule cost, the fault-free ones included: seconds, and seconds of CPU here and in the server."""

    wall: float
    ours: float
    server: float

    def __str__(self) -> str:
        return (
            f"{1 / self.wall:6.1f}/s, CPU {1000 * self.ours:3.0f} ms here, {1000 * self.server:3.0f} ms in the server"
        )


async def explored(steps: int, *, server: Server, jobs: int, real_time: bool, times: int) -> tuple[Exploration, Cost]:
    """Explore so many times, and return what came out of the last, and what a schedule cost."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            ProcessGuard() as guard,
            dev_server(guard=guard, log=Path(folder) / "log", wanted=server) as temporal,
        ):
            explorer = SharedWorker(target(steps), temporal.client, jobs=jobs, real_time=real_time)
            return await _measured(explorer, CampaignPlan(real_time=real_time), times=times)


async def simulated(steps: int, *, times: int) -> tuple[Exploration, Cost]:
    """Explore so many times in simulation, and return the same."""
    return await _measured(SimulatedWorker(target(steps)), CampaignPlan(), times=times)


async def _measured(explorer: SharedWorker, plan: CampaignPlan, *, times: int) -> tuple[Exploration, Cost]:
    async with explorer.working():
        before = _spent()
        found = [await Campaign("five", explorer, plan).run() for _ in range(times)]
        many = sum(len(one.judged) for one in found)
        took = [after - earlier for after, earlier in zip(_spent(), before, strict=True)]
        return found[-1], Cost(*(each / (many or 1) for each in took))


def _spent() -> tuple[float, float, float]:
    """Seconds that have passed, and seconds of CPU that this process and its server have had."""
    me = psutil.Process()
    servers = [one for one in me.children(recursive=True) if "start-dev" in one.cmdline()]
    cpu = [one.cpu_times() for one in (me, *servers)]
    ours, *others = [one.user + one.system for one in cpu]
    return perf_counter(), ours, sum(others)


async def main() -> None:
    """Measure, and print."""
    logging.disable(logging.CRITICAL)
    filtered = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=filtered))))
    naive, slow = await explored(5, server=Server(dynamic_config=AS_IT_COMES), jobs=1, real_time=True, times=1)
    collect_rarely()
    ours, fast = await explored(5, server=target(5).server(), jobs=JOBS, real_time=False, times=TIMES)
    virtual, quick = await simulated(5, times=TIMES)
    more, tens = await explored(10, server=target(10).server(), jobs=JOBS, real_time=False, times=1)
    for name, found, times, cost in (
        ("naive, 5 calls", naive, 1, slow),
        ("explore, 5 calls", ours, TIMES, fast),
        ("the same, simulated", virtual, TIMES, quick),
        ("explore, 10 calls", more, 1, tens),
    ):
        print(f"{name:<19} {times * len(found.judged):>3} schedules, {cost}, {found.verdict}")
    grows = len(more.judged) / len(ours.judged)
    print(f"{slow.wall / fast.wall:.1f} times as fast as the naive way, and {fast.wall / quick.wall:.1f} times that in")
    print(f"simulation; twice the calls give {grows:.1f} times the schedules")
    schedules = [[str(one.schedule) for one in found.judged] for found in (naive, ours, virtual)]
    assert schedules == [schedules[0]] * 3


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)  # see docs/decisions/0007
