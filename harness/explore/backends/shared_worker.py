"""Runs schedules: one server and one worker for all of them, many concurrently, each with a state of its own."""

from __future__ import annotations

import asyncio
import gc
import secrets
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from harness.errors import HarnessError, UsageError
from harness.events import Event, RunBroken
from harness.evidence.calls import CallName
from harness.explore.backends.replay_cache import ReplayCache
from harness.explore.backends.schedule_run import ScheduleRun, Shared
from harness.explore.inject.activity_interceptor import Exploring
from harness.explore.inject.client_interceptor import NO_LISTS, Deliveries
from harness.explore.inject.injectors import Injectors
from harness.explore.inject.loop_watchdog import Watchdog
from harness.explore.inject.workflow_runner import ExploringRunner, what_is_shortened
from harness.explore.kind import ArmedKind
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.schedule import Schedule
from harness.explore.model.target import Activities, Target
from harness.library_internals.payload_contexts import without_contexts
from harness.oracle import Oracle
from harness.results import Result
from harness.run.run import run
from harness.workers.attempt_recorder import AttemptRecorder
from harness.workers.build import BUILD_ID

JOBS = 16
"""How many schedules run concurrently by default: most of them wait, some for a real timeout."""

SHUT_DOWN_WITHIN = 5.0
"""How many seconds the worker may take to let go of attempts that are still running."""

ATTEMPTS_AT_ONCE = 500
"""Room for attempts that are held, so that they keep nobody from working."""

COLLECTED_AFTER = (5000, 20, 20)
"""How much is made, by generation, until garbage is collected; Python's own is 700, 10 and 10."""


def collect_rarely() -> None:
    """Have garbage collected less often in this process, for good.

    Each workflow's sandbox leaves modules behind, and a collection looks through all that was ever imported: a tenth
    of an exploration's CPU.
    """
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


@contextmanager
def without_ordinary_warnings() -> Iterator[None]:
    """Keep quiet inside the context what the SDK warns of, and what is ordinary where faults are about."""
    with warnings.catch_warnings():
        # Its warning about an attempt that ends just as it is being cancelled.
        warnings.filterwarnings("ignore", "Cannot find activity to cancel", UserWarning)
        yield


class SharedWorker:
    """Runs schedules against one target.

    Args:
        target: The application.
        client: Of the server, with the clock that the target wants.
        jobs: How many schedules may go on at once.
        real_time: Whether all waits and timeouts are left as they are.
        exits: Whether the process may end when an activity keeps it from going on and cannot be interrupted.
    """

    def __init__(
        self, target: Target, client: Client, *, jobs: int = JOBS, real_time: bool = False, exits: bool = False
    ) -> None:
        self.target = target
        config = client.config()
        config["data_converter"] = target.data_converter
        self._injectors = Injectors()
        self._deliveries = Deliveries(self._injectors.named, lists=target.lists, workflow=client.get_workflow_handle)
        config["interceptors"] = [*config["interceptors"], self._deliveries]
        self._client = Client(**config)
        self.jobs = 1 if target.one_at_a_time else jobs
        self._slots = asyncio.Semaphore(self.jobs)
        self._untouched = real_time
        self._campaign = secrets.token_hex(3)
        self._count = 0
        self._replays = ReplayCache(target)
        blocks_after = target.deadline.total_seconds() / 3
        self._hung: set[str] = set()
        self._watchdog = Watchdog(blocks_after, blocked=self._blocked, exits=exits)
        self._took: dict[CallName, float] = {}
        self._broken: BaseException | None = None
        self.processes = False
        self._shared = Shared(
            target=target,
            client=self._client,
            task_queue=self.task_queue,
            injectors=self._injectors,
            replays=self._replays,
            ticks=lambda: self._watchdog.ticks,
            check=self._check,
        )

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
        return () if self._untouched else what_is_shortened(skips=self.target.skips)

    @property
    def task_queue(self) -> str:
        """What the worker polls."""
        return f"explore-{self._campaign}"

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Run the application's worker inside the context."""
        async with AsyncExitStack() as stack:
            stack.enter_context(without_ordinary_warnings())
            pool = ThreadPoolExecutor(max_workers=ATTEMPTS_AT_ONCE, thread_name_prefix="activity")
            # Not waited for: a thread may never come back.
            stack.callback(pool.shutdown, wait=False, cancel_futures=True)
            activities = await _made(self.target, stack)
            await stack.enter_async_context(self._replays)
            worker = Worker(
                self._client,
                task_queue=self.task_queue,
                workflows=self.target.workflows,
                activities=activities,
                activity_executor=pool,
                interceptors=[
                    AttemptRecorder("worker", emit=self._record),
                    Exploring(self._injectors.of_attempt),
                ],
                workflow_runner=ExploringRunner(
                    without_contexts(SandboxedWorkflowRunner(), self.target.data_converter),
                    belongs=self._injectors.belongs,
                    task_queue=self.task_queue,
                    shorten=not self.target.skips,
                    untouched=self._untouched,
                    took=lambda call: self._took.get(call, 0.0),
                ),
                max_cached_workflows=1000,
                max_concurrent_activities=ATTEMPTS_AT_ONCE,
                build_id=BUILD_ID,
                on_fatal_error=self._fatal,
            )
            await stack.enter_async_context(_running(worker))
            await stack.enter_async_context(self._watchdog)
            yield

    def _record(self, event: Event) -> None:
        """Hand an event of an attempt to its run; an attempt whose run is over has none."""
        found = self._injectors.known(getattr(event, "workflow_id", ""))
        if found is not None:
            found[0].stream.emit(event)

    def _blocked(self, where: str, long: bool) -> bool:  # noqa: FBT001 - a callback
        """Record which activity blocks the event loop, in its own context; one that did so before gets less time."""
        found = self._injectors.known(activity.info().workflow_id or "") if activity.in_activity() else None
        if found is None:
            return long
        name = activity.info().activity_type
        if long or name in self._hung:
            self._hung.add(name)
            found[0].hangs(name, where)
        return name in self._hung

    async def _fatal(self, error: BaseException) -> None:
        self._broken = error
        for one in self._injectors.all():
            one.is_stuck.set()

    async def run(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        """Run one schedule, and judge it once everything has come to rest.

        Raises:
            HarnessError: The worker, the target's `reset` or its `world` is broken.
            UsageError: The application lists workflows, and its target does not say so.
        """
        async with self._slots:
            self._count += 1
            token = f"{self._campaign}-{self._count:05}"
            result = await run(ScheduleRun(self._shared, schedule, token=token, expects=expects))
        if self._deliveries.refused:
            raise UsageError(f"the application cannot be explored like this: {NO_LISTS}")
        for one in result.evidence.of(RunBroken):
            # What breaks one run breaks them all.
            raise HarnessError(one.what)
        return result

    def _check(self) -> None:
        if self._broken is not None:
            raise HarnessError(f"the worker ended by itself: {self._broken!r}")
        if self._deliveries.refused:
            raise HarnessError(NO_LISTS)


@asynccontextmanager
async def _running(worker: Worker) -> AsyncIterator[None]:
    """Run a worker inside the context; one of its threads that never comes back is left behind."""
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        stopping = asyncio.create_task(worker.shutdown())
        await asyncio.wait([stopping], timeout=SHUT_DOWN_WITHIN)
        for task in (stopping, running):
            task.cancel()
        await asyncio.wait([stopping, running], timeout=SHUT_DOWN_WITHIN)


async def _made(target: Target, stack: AsyncExitStack) -> Activities:
    made = target.activities() if callable(target.activities) else target.activities
    if isinstance(made, AbstractAsyncContextManager):
        return await stack.enter_async_context(made)
    return made
