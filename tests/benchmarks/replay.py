"""How fast histories are replayed, side by side in one run: `python -m tests.benchmarks.replay [HISTORIES]`.

With `--memory` only the memory of a long session: `python -m tests.benchmarks.replay 10000 --memory`.

From files to verdicts, against the loop of the SDK's documentation (`replay_workflow` for each history) and against
`replay_workflows`; then the memory of a long session, and the cost of an event as histories grow.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer, Worker

from harness.application_side.playing import BUILD_ID
from harness.environment.open import Wishes, open_environment
from harness.replay.engine.code import Code
from harness.replay.engine.file_replays import ReplayPlan, replay_files
from harness.replay.histories.folder import find
from tests.benchmarks.steps import Steps, step
from tests.live.replay.recorded import WORKFLOWS

ROOT = Path(__file__).parents[2]
CORES = 2
REGISTERED = [Steps, *WORKFLOWS]

SAMPLE = 20
"""How many histories the slowest contestant gets; the others get all."""

LENGTHS = (1, 16, 166, 1666)
"""Activities of a history; each is some six events."""


async def record(client: Client, count: int) -> WorkflowHistory:
    """One real history of so many activities."""
    async with Worker(client, task_queue=f"steps-{count}", workflows=[Steps], activities=[step], build_id=BUILD_ID):
        handle = await client.start_workflow(Steps.run, count, id=f"steps-{count}", task_queue=f"steps-{count}")
        await handle.result()
        return await handle.fetch_history()


@dataclass(frozen=True)
class Spent:
    """Seconds of wall time and of CPU time, of this process and of those that it waited for."""

    wall: float
    cpu: float


def _cpu() -> float:
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


async def spent(what: Callable[[], Awaitable[object]]) -> Spent:
    """What it takes."""
    wall, cpu = time.perf_counter(), _cpu()
    await what()
    return Spent(time.perf_counter() - wall, _cpu() - cpu)


def read(folder: Path, count: int | None = None) -> Iterator[WorkflowHistory]:
    """The files of a folder as the SDK reads them."""
    for path in sorted(folder.iterdir())[:count]:
        yield WorkflowHistory.from_json(path.name, gzip.decompress(path.read_bytes()).decode())


async def loop(folder: Path) -> None:
    """As the documentation shows it."""
    replayer = Replayer(workflows=REGISTERED)
    for history in read(folder, SAMPLE):
        await replayer.replay_workflow(history)


async def one_replayer(folder: Path) -> None:
    """The SDK's own way for many."""

    async def each() -> AsyncIterator[WorkflowHistory]:
        for history in read(folder):
            yield history

    await Replayer(workflows=REGISTERED).replay_workflows(each())


async def ours(folder: Path, log: Path, *, processes: int = CORES, sandboxed: bool = True) -> None:
    """The harness, comparing every command; the start of its processes included."""
    plan = ReplayPlan(
        code=Code(workflows=("tests.benchmarks.steps", "tests.live.apps.every_command"), sandboxed=sandboxed),
        path=(str(ROOT),),
        processes=processes,
    )
    judgements = await replay_files(find([folder]), plan, log=log)
    assert {one.title for one in judgements} == {"replays"}


def spread(history: WorkflowHistory, count: int, folder: Path) -> None:
    """As many files of one history, each with a run id of its own."""
    folder.mkdir()
    text = history.to_json()
    run_id = history.events[0].workflow_execution_started_event_attributes.original_execution_run_id
    for number in range(count):
        one = text.replace(run_id, f"{run_id[:-6]}{number:06}")
        (folder / f"{number:06}.json.gz").write_bytes(gzip.compress(one.encode(), compresslevel=1))


async def highest(task: asyncio.Task[None]) -> list[float]:
    """The memory of all processes together, in MiB, looked at ten times a second until the task is done."""
    seen = []
    while not task.done():
        family = [psutil.Process(), *psutil.Process().children(recursive=True)]
        seen.append(sum(one.memory_info().rss for one in family if one.is_running()) / 2**20)
        await asyncio.wait([task], timeout=0.1)
    return seen


async def memory(folder: Path) -> None:
    """Print what a session over all the histories in a folder takes, tenth by tenth."""
    count = sum(1 for _ in folder.iterdir())
    seen = await highest(asyncio.create_task(ours(folder, folder.with_name("log"))))
    tenths = [max(seen[len(seen) * one // 10 : len(seen) * (one + 1) // 10] or [0.0]) for one in range(10)]
    print(f"memory of all processes in MiB over {count} histories, the most in each tenth of the time:")
    print(" ".join(f"{one:.0f}" for one in tenths))
    print(f"of which this process at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


async def main(count: int, *, only_memory: bool) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        async with open_environment(Wishes(), folder=folder / "environment", seed=0) as environment:
            lengths = (16,) if only_memory else LENGTHS
            recorded = {length: await record(environment.temporal.client, length) for length in lengths}
        short = recorded[16]
        events = len(short.events)
        spread(short, count, folder / "many")
        if only_memory:
            await memory(folder / "many")
            return
        contestants: dict[str, tuple[int, Callable[[], Awaitable[object]]]] = {
            "replay_workflow in a loop": (SAMPLE, lambda: loop(folder / "many")),
            "replay_workflows": (count, lambda: one_replayer(folder / "many")),
            "harness, 1 process": (count, lambda: ours(folder / "many", folder / "log", processes=1)),
            "harness, 2 processes": (count, lambda: ours(folder / "many", folder / "log")),
            "harness, 2, unsandboxed": (count, lambda: ours(folder / "many", folder / "log", sandboxed=False)),
        }
        print(f"{count} histories of {events} events, {len(REGISTERED)} workflows, load {os.getloadavg()[0]:.1f}")
        first: Spent | None = None
        for name, (number, what) in contestants.items():
            used = await spent(what)
            each = Spent(used.wall / number, used.cpu / number)
            first = first or each
            print(
                f"{name:26} {1 / each.wall:7.1f} histories/s {events / each.wall:7.0f} events/s "
                f"{first.wall / each.wall:5.1f} x in wall time {first.cpu / each.cpu:5.1f} x in CPU time"
            )
        print("cost as histories grow, harness, 1 process")
        for length, history in recorded.items():
            copies = max(1, 3000 // length // 4)
            spread(history, copies, folder / f"of-{length}")
            used = await spent(partial(ours, folder / f"of-{length}", folder / "log", processes=1))
            total = copies * len(history.events)
            print(f"{len(history.events):6} events x {copies:4}: {used.cpu / total * 1e6:8.0f} us of CPU an event")
        await memory(folder / "many")


if __name__ == "__main__":
    given = [one for one in sys.argv[1:] if one != "--memory"]
    asyncio.run(main(int(given[0]) if given else 1000, only_memory="--memory" in sys.argv))
