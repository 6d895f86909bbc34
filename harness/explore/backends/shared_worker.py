"""Performs schedules: one server and one worker for all of them, many at once, each in a world of its own."""

from __future__ import annotations

import asyncio
import gc
import inspect
import secrets
import warnings
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowFailureError, WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from harness.errors import HarnessError, UsageError
from harness.evidence.history import Ending, History, Status
from harness.explore.backends.lazy_histories import Histories, outcome
from harness.explore.backends.replay_cache import Replays
from harness.explore.calls import Call
from harness.explore.inject.activity_interceptor import Exploring
from harness.explore.inject.client_interceptor import NO_LISTS, Deliveries
from harness.explore.inject.injector import Injector
from harness.explore.inject.injectors import Injectors
from harness.explore.inject.loop_watchdog import BlockedError, Watchdog
from harness.explore.inject.workflow_runner import ExploringRunner, what_is_shortened
from harness.explore.kind import ArmedKind
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.schedule import Schedule
from harness.explore.model.target import Activities, Drive, Target, activity_name
from harness.library_internals.payload_contexts import without_contexts
from harness.temporal.collect import collect_children, end_open, waiting_for
from harness.temporal.watch import HARMLESS
from harness.workers.build import BUILD_ID

JOBS = 16
"""How many schedules go on at once unless said otherwise: most of them wait, some for a real timeout."""

QUIET_WITHIN = 5.0
"""How many seconds attempts may run on once all workflows have ended."""

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
        # Its word for an attempt that ends just as it is told to be cancelled.
        warnings.filterwarnings("ignore", "Cannot find activity to cancel", UserWarning)
        yield


class SharedWorker:
    """Performs schedules against one target.

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
        self._worlds = Injectors()
        self._deliveries = Deliveries(self._worlds.named, lists=target.lists, workflow=client.get_workflow_handle)
        config["interceptors"] = [*config["interceptors"], self._deliveries]
        self._client = Client(**config)
        self.jobs = 1 if target.one_at_a_time else jobs
        self._slots = asyncio.Semaphore(self.jobs)
        self._untouched = real_time
        self._campaign = secrets.token_hex(3)
        self._count = 0
        self._reads = frozenset(activity_name(one) for one in target.reads)
        self._replays = Replays(target)
        blocks_after = target.deadline.total_seconds() / 3
        self._hung: set[str] = set()
        self._watchdog = Watchdog(blocks_after, blocked=self._blocked, exits=exits)
        self._took: dict[Call, float] = {}
        self._broken: BaseException | None = None
        self.processes = False

    def problems(self, schedule: Schedule) -> Iterator[str]:
        """Only a scenario has fakes and worker processes."""
        for fault in schedule.faults:
            if isinstance(fault.kind, ArmedKind):
                needed = "a worker process" if fault.kind.kills else "a fake"
                yield f"{fault}: {fault.kind.name} needs {needed}, which only a scenario has; explore a scenario."

    def learn(self, run: ExploredRun) -> None:
        """Take note of how long bodies take when nothing goes wrong, which no timeout may be shorter than."""
        self._took = {made.call: made.seconds for made in run.calls}

    def alone(self) -> None:
        """Perform one schedule at a time from now on, since runs disturb each other."""
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
                interceptors=[Exploring(self._worlds.of_attempt)],
                workflow_runner=ExploringRunner(
                    without_contexts(SandboxedWorkflowRunner(), self.target.data_converter),
                    belongs=self._worlds.belongs,
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

    def _blocked(self, where: str, long: bool) -> bool:  # noqa: FBT001 - a callback
        """Take note of who blocks the event loop, in its own context; what did so before is not waited for again."""
        found = self._worlds.known(activity.info().workflow_id or "") if activity.in_activity() else None
        if found is None:
            return long
        name = activity.info().activity_type
        if long or name in self._hung:
            self._hung.add(name)
            found[0].hangs(name, where)
        return name in self._hung

    async def _fatal(self, error: BaseException) -> None:
        self._broken = error
        for world in self._worlds.all():
            world.is_stuck.set()

    async def perform(self, schedule: Schedule) -> ExploredRun:
        """Perform one schedule, and return what is known of it once everything has come to rest.

        Raises:
            HarnessError: The worker, the target's `reset` or its `world` is broken.
            UsageError: The application lists workflows, and its target does not say so.
        """
        async with self._slots:
            self._count += 1
            token = f"{self._campaign}-{self._count:05}"
            world = Injector(
                token=token,
                schedule=schedule,
                reads=self._reads,
                cancel=self._cancel,
                ticks=lambda: self._watchdog.ticks,
            )
            self._worlds.add(world)
            try:
                return await self._performed(world)
            finally:
                self._worlds.remove(world)

    async def _performed(self, world: Injector) -> ExploredRun:
        await self._call("reset", self.target.reset, *([] if self.target.one_at_a_time else [world.token]))
        raised, waiting = "", ""
        driving = asyncio.create_task(self._drive(world))
        stuck = asyncio.create_task(world.is_stuck.wait())
        try:
            await asyncio.wait(
                [driving, stuck],
                timeout=self.target.deadline.total_seconds(),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if driving.done():
                raised = driving.result()
        finally:
            for task in (driving, stuck):
                task.cancel()
            await asyncio.gather(driving, stuck, return_exceptions=True)
        if self._broken is not None:
            raise HarnessError(f"the worker ended by itself: {self._broken!r}")
        if self._deliveries.refused:
            raise UsageError(f"the application cannot be explored like this: {NO_LISTS}")
        if world.stuck is None and driving.cancelled():
            waiting = await self._waiting(world)
        if waiting or world.stuck is not None:
            await end_open(self._client, [*world.roots, *world.children])
        world.over.set()
        quiet = await world.quiet(QUIET_WITHIN)
        histories = await self._histories(world)
        return await self._known_of(world, histories, waiting=waiting, raised=raised, quiet=quiet)

    async def _drive(self, world: Injector) -> str:
        """Drive one run to its end; return what the target's own drive raised, if it did."""
        drive = Drive(client=self._client, token=world.token, task_queue=self.task_queue)
        raised = ""
        if self.target.drive is None:
            assert self.target.workflow is not None  # noqa: S101 - refused by the target otherwise
            await drive.start(self.target.workflow, *self.target.arguments(world.token))
        else:
            try:
                await self.target.drive(drive)
            except WorkflowFailureError:
                pass
            except BlockedError as error:
                raise HarnessError(
                    f"the target's `drive` blocks the event loop, at {error}; it was interrupted."
                ) from error
            except Exception as error:  # noqa: BLE001 - under faults, a drive may well meet a workflow that is gone
                raised = f"{type(error).__name__}: {error}"
        await world.signals.rest()
        # A drive may return before the worker has seen what it started.
        await world.begun.wait()
        for workflow_id in [*world.roots]:
            with suppress(WorkflowFailureError):
                await self._client.get_workflow_handle(workflow_id).result()
        return raised

    async def _waiting(self, world: Injector) -> str:
        told = [await waiting_for(self._client, one, patient=False) for one in world.roots]
        return "; ".join(told) or "a workflow whose id contains the token, which was never started"

    async def _histories(self, world: Injector) -> list[WorkflowHistory]:
        found = [await self._client.get_workflow_handle(one).fetch_history() for one in world.roots]
        return [*found, *(await collect_children(self._client, found) if world.children else [])]

    async def _known_of(
        self, world: Injector, histories: list[WorkflowHistory], *, waiting: str, raised: str, quiet: bool
    ) -> ExploredRun:
        read = Histories(histories)
        stuck = world.stuck
        if stuck is None and waiting:
            stuck = next(_failed_tasks(read), None)
        replay = ""
        if stuck is None:
            # What the exploration itself answered in a child's place is no history of the application's.
            replaced = {one for one in world.children if world.child_fault(one) is not None}
            replay = await self._replays.check([one for one in histories if one.workflow_id not in replaced])
        if not quiet:
            world.tell("activity", f"an attempt was still running {QUIET_WITHIN:g} s after the end")
        return ExploredRun(
            token=world.token,
            schedule=world.schedule,
            reached=frozenset(world.reached),
            outcome=outcome(histories[0]) if histories else Ending(status=Status.RUNNING),
            effects=tuple(world.effects),
            calls=world.calls,
            histories=read,
            world=await self._call("world", self.target.world, world.token),
            stuck=stuck,
            open=waiting,
            replay=replay,
            raised=raised,
            blocked=frozenset(world.blocked),
            hung=world.hung,
            timeline=tuple(world.moments),
        )

    async def _call(self, what: str, function: Any, *arguments: Any) -> Any:
        if function is None:
            return None
        try:
            said = function(*arguments)
            return await said if inspect.isawaitable(said) else said
        except BlockedError as error:
            raise HarnessError(
                f"the target's `{what}` blocks the event loop, at {error}; it was interrupted."
            ) from error
        except Exception as error:
            raise HarnessError(f"the target's `{what}` failed: {type(error).__name__}: {error}") from error

    async def _cancel(self, workflow_id: str) -> None:
        try:
            await self._client.get_workflow_handle(workflow_id).cancel()
        except RPCError:
            # It has just closed, by a timeout of its own for instance.
            return


def _failed_tasks(histories: Iterable[History]) -> Iterator[tuple[str, str]]:
    """Yield message and stack of each workflow task that failed for reasons of the application's."""
    for event in (event for one in histories for event in one.of_type("WorkflowTaskFailed")):
        failure = event.attributes.get("failure", {})
        if event.attributes.get("cause") not in HARMLESS:
            yield str(failure.get("message", "")), str(failure.get("stackTrace", ""))


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
