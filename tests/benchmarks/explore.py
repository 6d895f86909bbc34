"""How many schedules a second: an exploration, and the naive way, side by side.

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

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from harness import Clock, Server, Target
from harness.environment.temporal.dev_server import dev_server
from harness.explore.campaign import Campaign, Plan
from harness.explore.exploration import Exploration
from harness.explore.explorer import JOBS, Explorer
from harness.leash import Leash
from tests.explored.five.workflow import Five, step

AS_IT_COMES = {
    "history.timerProcessorMaxTimeShift": '"1s"',
    "history.transferProcessorMaxPollRPS": "20",
    "history.timerProcessorMaxPollRPS": "20",
    "history.visibilityProcessorMaxPollRPS": "20",
}
"""The server's own defaults, which `harness.environment.temporal.dev_server` changes."""


def target(steps: int) -> Target:
    """So many activities, and no kind that takes a timeout."""
    return Target(
        workflows=[Five],
        activities=[step],
        workflow=Five.run,
        given=lambda token: (token, steps),
        without=["*:swallowed-before", "*:swallowed-after", "*:zombie"],
    )


async def explored(steps: int, *, server: Server, jobs: int, real_time: bool) -> tuple[Exploration, float]:
    """Explore, and return what came out and how many seconds a schedule took, the fault-free ones included."""
    with tempfile.TemporaryDirectory() as folder:
        async with Leash() as leash, dev_server(leash=leash, log=Path(folder) / "log", wanted=server) as temporal:
            explorer = Explorer(target(steps), temporal.client, jobs=jobs, real_time=real_time)
            async with explorer.working():
                began = perf_counter()
                found = await Campaign("five", explorer, Plan(real_time=real_time)).run()
                return found, (perf_counter() - began) / (len(found.judged) or 1)


async def main() -> None:
    """Measure, and print."""
    logging.disable(logging.CRITICAL)
    filtered = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=filtered))))
    naive, slow = await explored(5, server=Server(dynamic_config=AS_IT_COMES), jobs=1, real_time=True)
    ours, fast = await explored(5, server=Server(clock=Clock.SKIPPING), jobs=JOBS, real_time=False)
    more, tens = await explored(10, server=Server(clock=Clock.SKIPPING), jobs=JOBS, real_time=False)
    for name, found, each in (("naive, 5 calls", naive, slow), ("explore, 5 calls", ours, fast)):
        print(f"{name:<18} {len(found.judged):>3} schedules, {1 / each:6.1f}/s, {found.verdict}")
    print(f"{'explore, 10 calls':<18} {len(more.judged):>3} schedules, {1 / tens:6.1f}/s, {more.verdict}")
    grows = len(more.judged) / len(ours.judged)
    print(f"{slow / fast:.1f} times as fast; twice the calls give {grows:.1f} times the schedules")
    assert [str(one.schedule) for one in naive.judged] == [str(one.schedule) for one in ours.judged]


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)  # see docs/decisions/0007
