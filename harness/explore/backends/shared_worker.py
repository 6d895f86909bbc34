"""Runs schedules: one server and one worker for all of them, many concurrently, each with a state of its own.

The worker, and with it all code of the application, lives in an event loop of its own in a thread of its own. From
here it is watched whether that loop comes round. An activity that blocks it is a finding: if it returns, the other
schedules are only later; if it does not, the thread is abandoned, and another worker in another thread takes over.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import gc
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError

from harness.errors import EnvironmentUnavailable, HarnessError
from harness.events import Replayed
from harness.evidence.calls import CallName
from harness.evidence.evidence import Evidence
from harness.evidence.schedule_events import HARMFUL, LoopBlocked
from harness.explore.backends.loop_worker import SHUT_DOWN_WITHIN, LoopWorker
from harness.explore.backends.replay_cache import ReplayCache
from harness.explore.backends.schedule_run import Acting, ScheduleRun
from harness.explore.inject.hangs import Hangs
from harness.explore.inject.watched_loop import Blockage, WatchedLoop
from harness.explore.inject.workflow_runner import what_is_shortened
from harness.explore.kind import ArmedKind
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.schedule import Schedule
from harness.explore.model.target import Target
from harness.judge import judge
from harness.oracle import Oracle
from harness.processes.guard import LOST
from harness.results import Result
from harness.verdict import Verdict, worst

JOBS = 16
"""How many schedules run concurrently by default: most of them wait, some for a real timeout."""

LOOK = 0.1
"""How often the loop is looked at, in seconds. Looks are counted, not seconds, so that a process that was stopped as a
whole, or a machine that slept, is not taken for a loop that is blocked."""

KNOWN_TO_HANG = HARMFUL
"""After how many seconds an activity is given up that has hung before."""

NEVER_RETURNS = 60.0
"""After how many seconds anything else that blocks the loop is given up, such as a `reset` that may be slow."""

COLLECTED_AFTER = (5000, 20, 20)
"""How much is made, by generation, until garbage is collected; Python's own is 700, 10 and 10."""


def collect_rarely() -> None:
    """Have garbage collected less often in this process, for good.

    Each workflow's sandbox leaves modules behind, and a collection looks through all that was ever imported: a tenth
    of an exploration's CPU.
    """
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


class SharedWorker:
    """Runs schedules against one target.

    Args:
        target: The application.
        client: Of the server, with the clock that the target wants.
        jobs: How many schedules may run concurrently.
        real_time: Whether all waits and timeouts are left as they are.
    """

    processes = False

    def __init__(self, target: Target, client: Client, *, jobs: int = JOBS, real_time: bool = False) -> None:
        self.target = target
        self.jobs = 1 if target.one_at_a_time else jobs
        self._client = client
        self._slots = asyncio.Semaphore(self.jobs)
        self._real_time = real_time
        self._took: dict[CallName, float] = {}
        self._hangs = Hangs()
        self._replays = ReplayCache(target, client=client)
        self._loop: asyncio.AbstractEventLoop
        self._thread: WorkerThread

    def problems(self, schedule: Schedule) -> Iterator[str]:
        """Only a scenario has fakes and worker processes."""
        for fault in schedule.faults:
            if isinstance(fault.kind, ArmedKind):
                needed = "a worker process" if fault.kind.kills else "a fake"
                yield f"{fault}: {fault.kind.name} needs {needed}, which only a scenario has; explore a scenario."

    def learn(self, run: ExploredRun) -> None:
        """Remember how long bodies take when nothing goes wrong: no timeout is shortened below that."""
        self._took = {made.call: made.seconds for made in run.calls}

    def alone(self) -> None:
        """Run one schedule at a time from now on, since runs disturb each other."""
        self.jobs = 1
        self._slots = asyncio.Semaphore(1)

    @property
    def shortened(self) -> tuple[str, ...]:
        """What is not as in production, one sentence each."""
        return () if self._real_time else what_is_shortened(skips=self.target.skips)

    def give_up(self) -> None:
        """End all that is under way, since the process guard was killed."""
        if not self._thread.abandoned.done():
            self._thread.abandon(EnvironmentUnavailable(LOST))

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Run the application's worker inside the context."""
        self._loop = asyncio.get_running_loop()
        async with self._replays:
            self._thread = await self._begin()
            watching = asyncio.create_task(self._watch())
            try:
                with self._replays.required(self.give_up):
                    yield
            finally:
                watching.cancel()
                await asyncio.wait([watching])
                await self._thread.close()

    async def run(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        """Run one schedule, and judge it once everything has come to rest.

        It is run again when its worker was abandoned, and once when others held it up and it did not pass.

        Raises:
            HarnessError: The worker, the target's `reset` or its `world` is broken.
            UsageError: The application lists workflows, and its target does not say so.
        """
        async with self._slots:
            return await self._until_done(schedule, expects)

    async def _until_done(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        first = True
        while True:
            result = await self._once(schedule, expects, once_more=first)
            if result is not None:
                return result
            first = False

    async def _once(self, schedule: Schedule, expects: Sequence[Oracle], *, once_more: bool) -> Result | None:
        """Run a schedule; return None where it has to be run again."""
        thread, begun = self._thread, list[ScheduleRun]()
        running = asyncio.wrap_future(thread.loop.submit(thread.worker.run(schedule, expects, begun=begun.append)))
        try:
            either: list[asyncio.Future[Any]] = [running, thread.abandoned]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Of one that is abandoned nothing more will come.
            running.cancel()
        if running.done() and not running.cancelled():
            result = running.result()
            in_doubt = result.verdict is not Verdict.PASSED and begun[0].held_up >= HARMFUL
            return None if in_doubt and once_more else result
        acting = thread.abandoned.result()
        return _given_up(begun[0]) if begun and begun[0] is acting.run else None

    async def _begin(self) -> WorkerThread:
        thread = WorkerThread()
        await thread.open(
            LoopWorker(
                self.target,
                self._client,
                run_ids=secrets.token_hex(3),
                real_time=self._real_time,
                took=lambda call: self._took.get(call, 0.0),
                hangs=self._hangs,
                belongs=thread.loop.belongs,
                replay=self._replay,
            )
        )
        return thread

    async def _replay(self, histories: Sequence[WorkflowHistory]) -> Sequence[Replayed]:
        """Replay histories, from the worker's loop: whoever replays outlives a worker that is abandoned."""
        replaying = asyncio.run_coroutine_threadsafe(self._replays.check(histories), self._loop)
        return await asyncio.wrap_future(replaying)

    async def _watch(self) -> None:
        """See whether the worker's loop comes round; take another worker where it does not."""
        seen: tuple[WatchedLoop[Acting], int | None] | None = None
        looks = 0
        while not self._thread.abandoned.done():
            await asyncio.sleep(LOOK)
            now = self._thread.loop, self._thread.loop.round
            looks = looks + 1 if now == seen and now[1] is not None else 0
            seen = now
            if looks > 1:
                blockage = now[0].look()
                if looks * LOOK >= self._patience(blockage.owner):
                    await self._abandon(blockage)

    def _patience(self, acting: Acting | None) -> float:
        if acting is None or not acting.activity:
            return max(NEVER_RETURNS, 4 * self.target.deadline.total_seconds())
        return KNOWN_TO_HANG if self._hangs.known(acting.activity) else self.target.deadline.total_seconds()

    async def _abandon(self, blockage: Blockage[Acting]) -> None:
        old, acting, seconds = self._thread, blockage.owner, monotonic() - blockage.since
        if acting is None or not acting.activity:
            old.abandon(
                HarnessError(f"{blockage.where} blocked the event loop for {seconds:.0f} s, and did not return.")
            )
            return
        self._hangs.hung(acting.activity, blockage.where)
        acting.run.stream.emit(
            LoopBlocked(activity=acting.activity, where=blockage.where, seconds=seconds, came_back=False)
        )
        try:
            self._thread = await self._begin()
        except Exception as error:  # noqa: BLE001 - whatever keeps a worker from starting, those that wait learn of it
            old.abandon(HarnessError(f"no other worker could be started after {acting.activity} hung: {error!r}"))
            return
        old.abandon(acting)
        with suppress(RPCError, TimeoutError):
            async with asyncio.timeout(SHUT_DOWN_WITHIN):
                await old.worker.end_open()


class WorkerThread:
    """A worker in an event loop and thread of its own.

    Args:
        virtual: Whether the loop's time passes only while nothing runs.
    """

    def __init__(self, *, virtual: bool = False) -> None:
        self.loop: WatchedLoop[Acting] = WatchedLoop(self._came_back, virtual=virtual)
        self.worker: LoopWorker
        self.abandoned: asyncio.Future[Acting] = asyncio.get_running_loop().create_future()
        self._opened: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._closing = asyncio.Event()
        self._serving: asyncio.Future[None]

    def _came_back(self, blockage: Blockage[Acting], seconds: float) -> None:
        self.worker.came_back(blockage, seconds)

    async def open(self, worker: LoopWorker) -> None:
        """Start a worker.

        Raises:
            Exception: The worker does not start; whatever the SDK or the target raised.
        """
        self.worker = worker
        self._serving = asyncio.wrap_future(self.loop.submit(self._serve()))
        opened = asyncio.wrap_future(self._opened)
        await asyncio.wait([self._serving, opened], return_when=asyncio.FIRST_COMPLETED)
        if self._serving.done():
            self.loop.stop()
            self._serving.result()

    async def _serve(self) -> None:
        async with self.worker.working():
            self._opened.set_result(None)
            await self._closing.wait()

    async def close(self) -> None:
        """Stop the worker; one that does not stop is left behind."""
        if not self.abandoned.done():
            self.loop.call(self._closing.set)
            await asyncio.wait([self._serving], timeout=3 * SHUT_DOWN_WITHIN)
        if not self._serving.done() or self.abandoned.done():
            self._serving.cancel()
            self.loop.abandon()
            return
        self.loop.stop()
        await asyncio.to_thread(self.loop.join, SHUT_DOWN_WITHIN)
        self._serving.result()

    def abandon(self, why: Acting | HarnessError) -> None:
        """Give the thread up, and have whoever waits for its runs know why."""
        if isinstance(why, HarnessError):
            self.abandoned.set_exception(why)
        else:
            self.abandoned.set_result(why)
        self.loop.abandon()


def _given_up(run: ScheduleRun) -> Result:
    """Return what is known of a run whose activity never returned."""
    evidence = Evidence(scenario=run.name, seed=run.seed, events=run.stream.events, histories=())
    findings = judge(run.expectations, evidence)
    return Result(
        name=run.name,
        verdict=worst(one.verdict for one in findings),
        findings=findings,
        evidence=evidence,
        folder=Path(),
        took=timedelta(0),
        repeat="",
    )
