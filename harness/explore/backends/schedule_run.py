"""One schedule's run on a worker that many schedules share."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from temporalio.client import Client, WorkflowFailureError, WorkflowHistory
from temporalio.exceptions import TemporalError
from temporalio.service import RPCError

from harness.errors import HarnessError
from harness.events import (
    DeadlinePassed,
    FaultArmed,
    Replayed,
    RunBroken,
    RunStarted,
    WorkflowClosed,
)
from harness.evidence.event_stream import Stream
from harness.evidence.schedule_events import DriverFailed, NotAtRest, NotTried, ScheduleStarted, StateRead
from harness.explore.backends.drive import in_words
from harness.explore.backends.refused_task import failed_tasks, refused_task
from harness.explore.backends.rest import Family, children
from harness.explore.inject.hangs import Hangs
from harness.explore.inject.injector import Injector
from harness.explore.inject.injectors import Injectors
from harness.explore.model.not_tried import not_tried
from harness.explore.model.schedule import Schedule
from harness.explore.model.target import Drive, Target
from harness.explore.search.judge import ScheduleExpectations
from harness.library_internals.activity_definition import activity_name
from harness.oracle import Oracle
from harness.results import Result
from harness.temporal.collect import end_open, waiting_for
from harness.temporal.fetched_history import FetchedHistory, fetched_histories

QUIET_WITHIN = 5.0
"""How many seconds attempts may run on once all workflows have ended."""


Replay = Callable[[Sequence[WorkflowHistory]], Awaitable[Sequence[Replayed]]]


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What the runs on one worker share.

    Attributes:
        target: The application.
        client: Starts and drives its workflows.
        task_queue: What the worker polls.
        injectors: Those of the runs that are under way.
        replay: Replays histories.
        hangs: The activities that are known to hang.
        belongs: Notes whom the running task belongs to.
        activities: Returns the types of the worker's activities.
        check: Raises when the worker is broken.
    """

    target: Target
    client: Client
    task_queue: str
    injectors: Injectors
    replay: Replay
    hangs: Hangs
    belongs: Callable[[Acting], None]
    activities: Callable[[], tuple[str, ...]]
    check: Callable[[], None]


@dataclass(frozen=True, eq=False)
class Acting:
    """Whom a task belongs to.

    Attributes:
        run: The run.
        activity: The type of the activity, or "" for what is not the application's worker: its driver, for instance.
    """

    run: ScheduleRun
    activity: str


class ScheduleRun:
    """Takes one schedule through the steps of a run; the server and the worker are up already.

    Args:
        shared: What it shares with others.
        schedule: What goes wrong.
        token: Its run id.
        expects: What must hold.
    """

    seed = 0

    def __init__(self, shared: Shared, schedule: Schedule, *, token: str, expects: Sequence[Oracle]) -> None:
        self.name = token
        self.stream = Stream()
        self.histories: list[FetchedHistory] = []
        self.expectations = ScheduleExpectations(schedule=schedule, expects=expects)
        self._shared = shared
        self._target = shared.target
        self._client = shared.client
        self._stuck = False
        self.held_up = 0.0
        """For how many seconds other runs blocked the event loop."""
        self._injector = Injector(
            token=token,
            schedule=schedule,
            stream=self.stream,
            reads=frozenset(activity_name(one) for one in shared.target.reads),
            cancel=self._cancel,
            hangs=shared.hangs,
            acts=lambda activity: shared.belongs(Acting(self, activity)),
            workflow=shared.client.get_workflow_handle,
        )

    @asynccontextmanager
    async def environment(self) -> AsyncIterator[None]:
        """Have an empty external state, and the run's workflows known by its injector."""
        token = self._injector.token
        self._shared.belongs(Acting(self, ""))
        self.stream.emit(RunStarted(scenario=token, seed=self.seed, task_queue=self._shared.task_queue))
        self.stream.emit(
            ScheduleStarted(schedule=str(self._injector.schedule), token=token, activities=self._shared.activities())
        )
        self._shared.injectors.add(self._injector)
        try:
            await self._call("reset", self._target.reset, *([] if self._target.one_at_a_time else [token]))
            yield
        finally:
            self._shared.injectors.remove(self._injector)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Have the faults armed; attempts that they hold go on at the end."""
        for fault in self._injector.schedule.faults:
            self.stream.emit(FaultArmed(fault=str(fault)))
        try:
            yield
        finally:
            self._injector.end()

    async def drive(self) -> None:
        """Drive the run until its workflows have ended, one is stuck, or the deadline passes."""
        injector, seconds = self._injector, self._target.deadline.total_seconds()
        driving = await self._unless_stuck(self._driven(), within=seconds)
        self._shared.check()
        if injector.stuck is None and driving.cancelled():
            waiting = await self._waiting()
            self.stream.emit(DeadlinePassed(workflow_id=injector.token, seconds=seconds, waiting_for=waiting))
        elif injector.stuck is None and injector.children:
            # Before the attempts that are held go on: those come after all workflows have ended.
            await self._unless_stuck(self._children_end(max(QUIET_WITHIN, seconds)))
            self._shared.check()
        if injector.stuck is not None:
            self._stuck = True
            self.stream.emit(injector.stuck)
        elif not driving.cancelled():
            return
        await end_open(self._client, [*injector.roots, *injector.children])

    async def _unless_stuck(
        self, work: Coroutine[Any, Any, None], *, within: float | None = None
    ) -> asyncio.Future[None]:
        """Do some work; it is cancelled when a workflow task is stuck, or after so many seconds."""
        working = asyncio.create_task(work)
        stuck = asyncio.create_task(self._injector.is_stuck.wait())
        refused = asyncio.create_task(self._refused())
        try:
            await asyncio.wait([working, stuck, refused], timeout=within, return_when=asyncio.FIRST_COMPLETED)
            for done in (working, refused):
                if done.done():
                    done.result()
        finally:
            for task in (working, stuck, refused):
                task.cancel()
            await asyncio.gather(working, stuck, refused, return_exceptions=True)
        return working

    async def _refused(self) -> None:
        """Return once the server refuses a workflow task."""
        injector = self._injector
        refused = await refused_task(self._client, lambda: [*injector.roots, *injector.children])
        injector.stuck = injector.stuck or refused

    async def _children_end(self, within: float) -> None:
        """Wait for the children that outlive those who started them."""
        busy = await Family(self._client, self._injector.roots).at_rest(within)
        if busy:
            self.stream.emit(NotAtRest(what=busy, seconds=within))

    async def _driven(self) -> None:
        injector = self._injector
        drive = Drive(client=self._client, token=injector.token, task_queue=self._shared.task_queue)
        if self._target.drive is None:
            assert self._target.workflow is not None  # noqa: S101 - refused by the target otherwise
            arguments, options = self._target.arguments(injector.token), self._target.start_options()
            await drive.start(self._target.workflow, *arguments, **options)
        else:
            try:
                await self._target.drive(drive)
            except WorkflowFailureError:
                pass
            except Exception as error:  # noqa: BLE001 - a driver's own mistake is reported like the workflow's
                by_client = isinstance(error, (TemporalError, TimeoutError))
                self.stream.emit(DriverFailed(what=in_words(error), by_client=by_client))
        # A driver may return before the worker has seen what it started.
        await injector.begun.wait()
        # While it waits for one, another may begin.
        for workflow_id in injector.roots:
            with suppress(WorkflowFailureError):
                await self._client.get_workflow_handle(workflow_id).result()

    async def _waiting(self) -> str:
        waiting = [await waiting_for(self._client, one, patient=False) for one in self._injector.roots]
        return "; ".join(waiting) or "a workflow whose id contains the token, which was never started"

    async def collect(self) -> None:
        """Wait until no attempt runs any more, then gather histories, calls and the external state."""
        injector, emit = self._injector, self.stream.emit
        if not await injector.quiet(QUIET_WITHIN):
            injector.note("activity", f"an attempt was still running {QUIET_WITHIN:g} s after the end")
        found = [await self._client.get_workflow_handle(one).fetch_history() for one in injector.roots]
        earlier: list[WorkflowHistory] = []
        if injector.children or any(map(_goes_on, found)):
            family = await Family(self._client, injector.roots).look()
            earlier = [run for one in family if one.workflow_id in injector.roots for run in one.runs[:-1]]
            found += children(family, injector.roots)
            # What rests and has not closed has nobody who ends it.
            await end_open(self._client, [one.workflow_id for one in family if one.runs and not one.last.closed])
        injector.were_called([*earlier, *found])
        unreadable: list[str] = []
        # What the exploration itself answered in a child's place is no history of the application's.
        self.histories += await fetched_histories(
            (one for one in found if injector.child_fault(one.workflow_id) is None),
            self._client.data_converter,
            broken=unreadable.append,
        )
        if not self._stuck and any(isinstance(one, DeadlinePassed) for one in self.stream.events):
            for failed in [*failed_tasks(self.histories)][:1]:
                self._stuck = True
                emit(failed)
        if not self._stuck:
            # Else a converter that cannot read fails the workflow's own tasks, too, and that is the finding.
            for what in unreadable:
                emit(RunBroken(what=what))
        for one in self.histories[:1]:
            emit(WorkflowClosed(workflow_id=one.workflow_id, status=one.outcome.status))
        self.stream.emit_all(injector.calls)
        if not injector.schedule.faults:
            self.stream.emit_all(NotTried(what=one) for one in not_tried(self.histories, self._target.workflow_types))
        if self._target.world is not None:
            emit(StateRead(value=await self._call("world", self._target.world, injector.token)))

    async def replay(self) -> None:
        """Replay the histories; the code of a task that is stuck would only fail again."""
        if self._stuck:
            return
        self.stream.emit_all(await self._shared.replay([one.fetched for one in self.histories]))

    async def hold(self, conclude: Callable[[], Result]) -> None:
        """Nobody looks at one schedule of many."""

    async def _call(self, what: str, function: Any, *arguments: Any) -> Any:
        if function is None:
            return None
        try:
            returned = function(*arguments)
            return await returned if inspect.isawaitable(returned) else returned
        except Exception as error:
            raise HarnessError(f"the target's `{what}` failed: {type(error).__name__}: {error}") from error

    async def _cancel(self, workflow_id: str) -> None:
        await request_cancel(self._client, workflow_id)


def _goes_on(history: WorkflowHistory) -> bool:
    """Whether a run goes on where an earlier one ended, by continue-as-new or retry."""
    return bool(history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id)


async def request_cancel(client: Client, workflow_id: str) -> None:
    """Ask a workflow to cancel, unless it has just closed, by a timeout of its own for instance."""
    with suppress(RPCError):
        await client.get_workflow_handle(workflow_id).cancel()
