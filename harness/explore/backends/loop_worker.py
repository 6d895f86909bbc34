"""The application's worker, with everything that many schedules share: all of it lives in one event loop."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager

from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from harness.application_side.last_plugin import LastPlugin
from harness.application_side.playing import BUILD_ID
from harness.errors import HarnessError, UsageError
from harness.events import Event, RunBroken
from harness.evidence.calls import CallName
from harness.evidence.schedule_events import LoopBlocked
from harness.explore.backends.schedule_run import Acting, Replay, ScheduleRun, Shared
from harness.explore.inject.activity_interceptor import Exploring
from harness.explore.inject.client_interceptor import NO_LISTS, Deliveries
from harness.explore.inject.hangs import Hangs
from harness.explore.inject.injectors import Injectors
from harness.explore.inject.watched_loop import Blockage
from harness.explore.inject.workflow_runner import ExploringRunner
from harness.explore.model.schedule import Schedule
from harness.explore.model.target import Activities, Target
from harness.library_internals.payload_contexts import without_contexts
from harness.oracle import Oracle
from harness.results import Result
from harness.run.run import run
from harness.simulation.virtual_time import WorkflowThreads
from harness.temporal.collect import end_open
from harness.workers.attempt_recorder import AttemptRecorder
from harness.workers.explained import explained
from harness.workers.sdk_options import activity_types

SHUT_DOWN_WITHIN = 5.0
"""How many seconds the worker may take to let go of attempts that are still running."""

ATTEMPTS_AT_ONCE = 500
"""Room for attempts that are held, so that they keep nobody from working."""

TASKS_AT_ONCE = 500
"""Room for workflow tasks, as much as the SDK has by default."""


@contextmanager
def without_ordinary_warnings() -> Iterator[None]:
    """Silence inside the context what the SDK warns of, and what is ordinary where faults are injected."""
    with warnings.catch_warnings():
        # The SDK's for an attempt that ends just as it is asked to cancel.
        warnings.filterwarnings("ignore", "Cannot find activity to cancel", UserWarning)
        yield


class LoopWorker:
    """Runs the worker and the schedules in the event loop that it is entered in.

    Args:
        target: The application.
        client: Of the server, with the clock that the target wants.
        run_ids: What the ids of its runs begin with; no other worker's do.
        real_time: Whether all waits and timeouts are left as they are.
        took: How many seconds the body of a call took without a fault.
        hangs: The activities that are known to hang.
        belongs: Notes whom the running task belongs to.
        replay: Replays histories.
    """

    def __init__(
        self,
        target: Target,
        client: Client,
        *,
        run_ids: str,
        real_time: bool,
        took: Callable[[CallName], float],
        hangs: Hangs,
        belongs: Callable[[Acting], None],
        replay: Replay,
    ) -> None:
        self._target = target
        config = target.client(client).config()
        self._injectors = Injectors()
        self._deliveries = Deliveries(self._injectors.named, lists=target.lists, workflow=client.get_workflow_handle)
        config["interceptors"] = [*config["interceptors"], self._deliveries]
        self._client = Client(**config)
        self._task_queue = f"explore-{run_ids}"
        self._run_ids = run_ids
        self._untouched = real_time
        self._took = took
        self._count = 0
        self._under_way: set[ScheduleRun] = set()
        self._broken: BaseException | None = None
        self._activities: tuple[str, ...] = ()
        self._shared = Shared(
            target=target,
            client=self._client,
            task_queue=self._task_queue,
            injectors=self._injectors,
            replay=replay,
            hangs=hangs,
            belongs=belongs,
            activities=lambda: self._activities,
            check=self._check,
        )

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Run the application's worker inside the context."""
        async with AsyncExitStack() as stack:
            stack.enter_context(without_ordinary_warnings())
            pool = ThreadPoolExecutor(max_workers=ATTEMPTS_AT_ONCE, thread_name_prefix="activity")
            tasks = WorkflowThreads(max_workers=TASKS_AT_ONCE, thread_name_prefix="workflow")
            for one in (pool, tasks):
                # Not waited for: a thread may never come back.
                stack.callback(one.shutdown, wait=False, cancel_futures=True)
            activities = await _made(self._target, stack)
            worker = explained(Worker)(
                self._client,
                task_queue=self._task_queue,
                workflows=self._target.workflows,
                activities=activities,
                activity_executor=pool,
                workflow_task_executor=tasks,
                interceptors=[
                    AttemptRecorder("worker", emit=self._record),
                    Exploring(self._injectors.of_attempt),
                    *self._target.worker_interceptors,
                ],
                plugins=[*self._target.worker_plugins, LastPlugin(self._wrapped)],
                workflow_runner=self._target.runner,
                workflow_failure_exception_types=self._target.workflow_failure_exception_types,
                max_cached_workflows=1000,
                max_concurrent_activities=ATTEMPTS_AT_ONCE,
                build_id=BUILD_ID,
                on_fatal_error=self._fatal,
            )
            self._activities = activity_types(worker)
            problems = [*self._target.unknown_activities(self._activities)]
            if problems:
                raise UsageError(*problems)
            await stack.enter_async_context(_running(worker))
            yield

    def _wrapped(self, runner: WorkflowRunner) -> WorkflowRunner:
        """Return the application's workflow runner with the faults around it."""
        return ExploringRunner(
            without_contexts(runner, self._client.data_converter),
            belongs=self._injectors.belongs,
            task_queue=self._task_queue,
            shorten=not self._target.skips,
            untouched=self._untouched,
            took=self._took,
        )

    def _record(self, event: Event) -> None:
        """Hand an event of an attempt to its run; an attempt whose run is over has none."""
        found = self._injectors.known(getattr(event, "workflow_id", ""))
        if found is not None:
            found[0].stream.emit(event)

    async def _fatal(self, error: BaseException) -> None:
        self._give_up(error)

    def give_up(self, error: HarnessError) -> None:
        """End the runs that are under way with an error, from the loop."""
        self._give_up(error)

    def _give_up(self, error: BaseException) -> None:
        self._broken = self._broken or error
        for one in self._injectors.all():
            one.is_stuck.set()

    async def run(
        self, schedule: Schedule, expects: Sequence[Oracle], *, begun: Callable[[ScheduleRun], None]
    ) -> Result:
        """Run one schedule, and judge it once everything has come to rest.

        Raises:
            HarnessError: The worker, the target's `reset` or its `world` is broken.
            UsageError: The application lists workflows, and its target does not say so.
        """
        self._count += 1
        subject = ScheduleRun(self._shared, schedule, token=f"{self._run_ids}-{self._count:05}", expects=expects)
        begun(subject)
        self._under_way.add(subject)
        try:
            result = await run(subject)
        finally:
            self._under_way.discard(subject)
        if self._deliveries.refused:
            raise UsageError(NO_LISTS)
        if isinstance(self._broken, HarnessError):
            raise self._broken
        for one in result.evidence.of(RunBroken):
            # What breaks one run breaks them all.
            raise HarnessError(one.what)
        return result

    def came_back(self, blockage: Blockage[Acting], seconds: float) -> None:
        """Record what blocked the event loop, and for how long it held up everything else."""
        acting = blockage.owner
        if acting is not None and acting.activity:
            blocked = LoopBlocked(activity=acting.activity, where=blockage.where, seconds=seconds)
            acting.run.stream.emit(blocked)
        for one in self._under_way:
            if acting is None or one is not acting.run:
                one.held_up += seconds

    async def end_open(self) -> None:
        """Terminate the workflows that are under way, since nobody works on them any more."""
        for one in self._injectors.all():
            await end_open(self._client, [*one.roots, *one.children])

    def _check(self) -> None:
        if isinstance(self._broken, HarnessError):
            raise self._broken
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
