"""One run while it goes on: it names each call, injects the planned faults, and records what was done."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace
from threading import Lock
from typing import Any

from temporalio import activity
from temporalio.client import WorkflowHandle, WorkflowHistory

from harness.events import FaultFired, WorkflowTaskStuck
from harness.evidence.calls import CallMade, CallName, CallPlace
from harness.evidence.event_stream import Stream
from harness.evidence.schedule_events import AttemptPrevented, Effect, LoopBlocked, Noted
from harness.explore.inject.cancellation import Cancellation
from harness.explore.inject.deliveries import SignalDeliveries
from harness.explore.inject.hangs import Hangs
from harness.explore.inject.in_flight import InFlight, in_flight_together
from harness.explore.inject.injected_failure import injected_failure
from harness.explore.inject.refusals import Refusals
from harness.explore.model.schedule import PlannedFault, Schedule
from harness.files.wording import short

UNHANDLED = "WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE"
"""What the server calls the cause of a workflow task that failed with an exception of the application's."""

CANCEL_SEEN_WITHIN = 2.0
"""How many seconds a request to cancel may take from the server to the workflow's code."""

Body = Callable[[], Awaitable[Any]]


class Injector:
    """Injects the faults of one run.

    Args:
        token: Its run id: the ids of its workflows contain it.
        schedule: What goes wrong.
        stream: Takes what happens, from any thread.
        reads: The activities whose effects count for nothing.
        cancel: Asks the workflow of that id to cancel.
        hangs: The activities that are known to hang.
        acts: Notes that the running task is an activity's of this type.
        workflow: Returns the handle of a workflow, by its id and `run_id`; None where no bodies can be held.
    """

    def __init__(
        self,
        *,
        token: str,
        schedule: Schedule,
        stream: Stream,
        reads: frozenset[str],
        cancel: Callable[[str], Coroutine[Any, Any, None]],
        hangs: Hangs | None = None,
        acts: Callable[[str], None] = lambda _: None,
        workflow: Callable[..., WorkflowHandle[Any, Any]] | None = None,
    ) -> None:
        self.token = token
        self.schedule = schedule
        self.stream = stream
        self._reached: set[PlannedFault] = set()
        self.refusals = Refusals(calls=lambda: len(self._calls))
        self._effects = 0
        self.stuck: WorkflowTaskStuck | None = None
        self.is_stuck = asyncio.Event()
        self.over = asyncio.Event()
        self.roots: list[str] = []
        self.begun = asyncio.Event()
        self.children: dict[str, CallName] = {}
        self._reads = reads
        self.signals = SignalDeliveries(
            named=self._signal, planned=self.planned, injected=self.injected, overtaken=self._overtaken
        )
        self.cancellation = Cancellation(seen=self.cancel_seen)
        self.cancel = cancel
        self._hangs = hangs or Hangs()
        self._acts = acts
        self._cancelling = asyncio.Event()
        self._calls: dict[tuple[str, str, str], CallMade] = {}
        self._counted: Counter[tuple[str, str]] = Counter()
        self._tasks = 0
        self._running = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._loop = asyncio.get_running_loop()
        self._lock = Lock()
        self._in_flight: InFlight | None = None
        if workflow is not None and any(one.kind.holds for one in schedule.faults):
            self._in_flight = InFlight(workflow, roots=lambda: self.roots, calls=lambda: len(self._calls))

    # --- called by the workflow runner, in its threads ---

    def root(self, workflow_id: str) -> None:
        """Record a workflow that the target started."""
        self.roots.append(workflow_id)
        self._loop.call_soon_threadsafe(self.begun.set)

    def scheduled(self, workflow: str, place: str, kind: str, *, number: str, made: CallMade | None = None) -> CallMade:
        """Record a call, and return it with its name; the same one for a command that is given again.

        Args:
            workflow: The type of the workflow that calls, "" for one that the target started.
            place: Its run.
            kind: The type of the activity or child workflow.
            number: What the SDK numbers the call with.
            made: What is known of it beside its name.
        """
        with self._lock:
            key = place, kind, number
            if key not in self._calls:
                self._counted[workflow, kind] += 1
                call = CallName(workflow=workflow, activity=kind, nth=self._counted[workflow, kind])
                known = made or CallMade(call=call, order=0)
                self._calls[key] = replace(known, call=call, order=len(self._calls))
            return self._calls[key]

    def _signal(self, name: str, number: int) -> CallName:
        """Record a signal or an update."""
        made = CallMade(call=CallName(workflow="", activity="", nth=0), order=0, place=CallPlace.SIGNAL)
        return self.scheduled("", "client", name, number=str(number), made=made).call

    def _overtaken(self, call: CallName) -> None:
        """Record that a signal was not acknowledged yet when another one was sent."""
        self._change(call, overtaken=True)

    def _change(self, call: CallName, **known: Any) -> None:
        """Record more of a call."""
        with self._lock:
            for key, made in self._calls.items():
                if made.call == call:
                    self._calls[key] = replace(made, **known)

    def attempts_at_most(self, call: CallName, most: int) -> None:
        """Record that a call has been given fewer attempts than its policy says."""
        self._change(call, maximum_attempts=most)

    def planned(self, call: CallName) -> list[PlannedFault]:
        """Return the faults that shall meet a call."""
        return [one for one in self.schedule.faults if one.covers(call)]

    def child_fault(self, workflow_id: str) -> PlannedFault | None:
        """Return the fault that shall meet a child workflow, if any."""
        call = self.children.get(workflow_id)
        planned = [] if call is None else [one for one in self.planned(call) if CallPlace.CHILD in one.kind.places]
        return next((one for one in planned if call and self.refusals.repeats_child(one, call, workflow_id)), None)

    def begins_task(self) -> int:
        """Record a workflow task of a workflow that the target started, and return which it is, from 1."""
        with self._lock:
            self._tasks += 1
            return self._tasks

    def failed_task(self, workflow_id: str, message: str, stack: str) -> None:
        """Record a workflow task that failed: the server would retry it indefinitely."""
        if self.stuck is None:
            self.stuck = WorkflowTaskStuck(workflow_id=workflow_id, cause=UNHANDLED, message=message, stack=stack)
            self._loop.call_soon_threadsafe(self.is_stuck.set)

    def cancel_arrived(self, *, given_up: Iterable[CallName]) -> None:
        """Record that a workflow received the request to cancel, and which calls it gave up then."""
        self.cancellation.arrived(given_up=given_up)
        self.note("workflow", "received the request to cancel")
        self._loop.call_soon_threadsafe(self._cancelling.set)

    def in_task(self, place: CallName, workflow_id: str, *, called: Iterable[CallName] = ()) -> None:
        """Inject what is planned for a workflow task.

        Args:
            place: A timer that the workflow starts in it, or an event that it receives.
            workflow_id: The workflow.
            called: What it calls in the same task.
        """
        for fault in self.planned(place):
            # The task is done again where a request to cancel came before its end.
            if fault not in self._reached:
                fault.kind.in_task(_Task(self, fault, workflow_id, called))

    def cancel_now(self, fault: PlannedFault, workflow_id: str, *, called: Iterable[CallName]) -> None:
        """Ask the workflow to cancel, from one of its tasks; what it called there waits until it has received that."""
        self.cancellation.asked(called)
        self.injected(fault)
        asyncio.run_coroutine_threadsafe(self.cancel(workflow_id), self._loop).result(CANCEL_SEEN_WITHIN)

    def injected(self, fault: PlannedFault) -> None:
        """Record that a fault was injected."""
        with self._lock:
            if fault in self._reached:
                return
            self._reached.add(fault)
        self.stream.emit(FaultFired(fault=str(fault), call=str(fault.call), what=fault.kind.sentence))

    def was_injected(self, fault: PlannedFault) -> bool:
        """Whether a fault has been injected."""
        with self._lock:
            return fault in self._reached

    def note(self, lane: str, what: str) -> None:
        """Add a line to the timeline."""
        self.stream.emit(Noted(lane=lane, what=what))

    def end(self) -> None:
        """Let go of everything that is held: all workflows have ended."""
        self.over.set()
        if self._in_flight is not None:
            self._in_flight.end()

    def were_called(self, histories: Iterable[WorkflowHistory]) -> None:
        """Record which calls were in flight together."""
        for history in histories:
            run_id = history.events[0].workflow_execution_started_event_attributes.original_execution_run_id
            for kind, number in in_flight_together(history.events):
                made = self._calls.get((run_id, kind, number))
                if made is not None:
                    self._change(made.call, alongside=True)

    @property
    def calls(self) -> tuple[CallMade, ...]:
        """The calls made so far, in order."""
        with self._lock:
            return tuple(sorted(self._calls.values(), key=lambda one: one.order))

    # --- called by the activities' interceptor ---

    async def attempt(self, workflow: str, arguments: tuple[Any, ...], body: Body) -> Any:
        """Run one attempt of an activity, with what the schedule has for it."""
        info = activity.info()
        key = info.workflow_run_id or "", info.activity_type, info.activity_id
        made = self._calls.get(key) or self.scheduled(workflow, key[0], key[1], number=key[2])
        with self._lock:
            self._calls[key] = replace(self._calls[key], attempts=max(self._calls[key].attempts, info.attempt))
        self._running += 1
        self._quiet.clear()
        self._acts(info.activity_type)

        async def work() -> Any:
            hung = self._hangs.refused(info.activity_type)
            if hung is not None:
                self.stream.emit(LoopBlocked(activity=info.activity_type, where=hung, came_back=False))
                raise injected_failure("not called: it hung each time before", non_retryable=True)
            # The loop's time, since a target's bodies may run in virtual time.
            begun = self._loop.time()
            result = await body()
            took = self._loop.time() - begun
            self._hangs.returned(info.activity_type)
            with self._lock:
                known = self._calls[key]
                self._calls[key] = replace(known, seconds=max(known.seconds, took))
            self._committed(made.call, info, arguments, result)
            return result

        try:
            return await self._with_faults(made, info, arguments, work)
        except BaseException as error:
            self.note("activity", f"{made.call} attempt {info.attempt} failed: {type(error).__name__}: {error}")
            if self.planned(made.call):
                self.stream.emit(AttemptPrevented(call=made.call, arguments=arguments))
            raise
        finally:
            self._running -= 1
            if not self._running:
                self._quiet.set()

    def _committed(self, call: CallName, info: activity.Info, arguments: tuple[Any, ...], result: Any) -> None:
        if info.activity_type in self._reads:
            self.note("activity", f"{call} attempt {info.attempt} returned {short(result)}")
            return
        with self._lock:
            order, self._effects = self._effects, self._effects + 1
        self.stream.emit(
            Effect(
                call=call,
                activity=info.activity_type,
                workflow_id=info.workflow_id or "",
                attempt=info.attempt,
                arguments=arguments,
                result=result,
                order=order,
            )
        )

    async def _with_faults(self, made: CallMade, info: activity.Info, arguments: tuple[Any, ...], work: Body) -> Any:
        """Run an attempt; of several faults at one call, the first that has something to do decides."""
        if await self.cancellation.prevents(made.call):
            raise injected_failure("injected: given up before it had begun")
        if self._in_flight is not None and made.place is CallPlace.ACTIVITY:
            fails = any(one.kind.holds and one.call == made.call for one in self.schedule.faults)
            if not await self._in_flight.hold(
                info.workflow_id or "", info.activity_id, order=made.order, fails=fails and info.attempt == 1
            ):
                self.note("activity", f"{made.call} was not held any longer: something else went on all the time")
                return await work()
        for fault in self.planned(made.call):
            attempt = _Attempt(self, fault, made, info, work=work, arguments=arguments)
            if fault.kind.acts_on(attempt):
                return await fault.kind.attempt(attempt)
        return await work()

    async def cancel_seen(self) -> None:
        """Wait until the workflow's code has received a request to cancel."""
        try:
            async with asyncio.timeout(CANCEL_SEEN_WITHIN):
                await self._cancelling.wait()
        except TimeoutError:
            self.note("fault", "the request to cancel has not reached the workflow's code")

    async def outlast(self) -> None:
        """Wait until all workflows have ended; whoever gives the attempt up meanwhile changes nothing of that."""
        while not self.over.is_set():
            try:
                await self.over.wait()
            except asyncio.CancelledError:
                self.note("activity", "an attempt that is held received a request to cancel")

    def heartbeat(self, number: int) -> None:
        """Record the nth heartbeat of an attempt, and interrupt it there if that is planned."""
        info = activity.info()
        key = info.workflow_run_id or "", info.activity_type, info.activity_id
        with self._lock:
            known = self._calls[key]
            self._calls[key] = replace(known, heartbeats=max(known.heartbeats, number))
        for fault in self.planned(known.call):
            if fault not in self._reached and fault.kind.interrupts(heartbeat=number, planned=fault.beat):
                self.injected(fault)
                raise injected_failure("injected: interrupted at a heartbeat")

    async def quiet(self, within: float) -> bool:
        """Wait until no attempt is running any more; False when some still are after so many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._quiet.wait()
        except TimeoutError:
            return False
        return True


class _Attempt:
    """One attempt, as a kind of fault sees it."""

    def __init__(
        self,
        injector: Injector,
        fault: PlannedFault,
        made: CallMade,
        info: activity.Info,
        *,
        work: Body,
        arguments: tuple[Any, ...],
    ) -> None:
        self._injector = injector
        self._fault = fault
        self._workflow_id = info.workflow_id or ""
        self.made = made
        self.number = info.attempt
        self.body = work
        self._arguments = arguments

    @property
    def was_injected(self) -> bool:
        return self._injector.was_injected(self._fault)

    @property
    def repeats(self) -> bool:
        return self._injector.refusals.repeats(self._fault, self.made, self._arguments)

    def injected(self) -> None:
        self._injector.injected(self._fault)
        self._injector.refusals.refused(self._fault, self._arguments)

    def failure(self, what: str, *, non_retryable: bool = False) -> Exception:
        return injected_failure(what, non_retryable=non_retryable)

    async def cancel(self) -> None:
        await self._injector.cancel(self._workflow_id)
        await self._injector.cancel_seen()

    async def outlast(self) -> None:
        await self._injector.outlast()


class _Task:
    """One workflow task, as a kind of fault sees it."""

    def __init__(self, injector: Injector, fault: PlannedFault, workflow_id: str, called: Iterable[CallName]) -> None:
        self._injector = injector
        self._fault = fault
        self._workflow_id = workflow_id
        self._called = called

    def cancel(self) -> None:
        self._injector.cancel_now(self._fault, self._workflow_id, called=self._called)
