"""One explored run, read from its evidence: how it ended, what was done, what went wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from harness.errors import UsageError
from harness.events import (
    CallAnswered,
    CallReceived,
    CallUnanswered,
    DeadlinePassed,
    Event,
    FaultFired,
    Replayed,
    RunBroken,
    WorkerGone,
    WorkflowTaskStuck,
)
from harness.evidence.calls import CallMade, CallPlace
from harness.evidence.evidence import Evidence
from harness.evidence.history import Ending, History
from harness.evidence.schedule_events import (
    DriverFailed,
    Effect,
    LoopBlocked,
    NotAtRest,
    Noted,
    NotTried,
    ScheduleStarted,
    StateRead,
    UndoRequested,
)
from harness.evidence.worker_built import WorkerBuilt
from harness.explore.model.schedule import FAULT_FREE, PlannedFault, Schedule, parse
from harness.files.wording import short
from harness.library_internals.activity_definition import ANY_TYPE, Named, activity_name, activity_problem
from harness.library_internals.core_texts import in_a_sentence

LASTING = (
    CallMade,
    DeadlinePassed,
    DriverFailed,
    Effect,
    FaultFired,
    LoopBlocked,
    NotTried,
    NotAtRest,
    RunBroken,
    ScheduleStarted,
    UndoRequested,
    WorkerBuilt,
    WorkflowTaskStuck,
)
"""The events that are kept of a run that held."""


NO_CALLS = frozenset({CallPlace.EVENT, CallPlace.REQUEST})
"""What a workflow does not call itself."""


class TimelineEntry(NamedTuple):
    """One line of a run's timeline: when, in which lane, what."""

    at: datetime
    lane: str
    what: str


@dataclass(frozen=True)
class ExploredRun:
    """One run of the application under one schedule, after everything has come to rest.

    Attributes:
        evidence: What was recorded; everything else is read from it.
    """

    evidence: Evidence

    @cached_property
    def schedule(self) -> Schedule:
        """What goes wrong."""
        started = self.evidence.of(ScheduleStarted)
        return parse(started[0].schedule) if started else FAULT_FREE

    @cached_property
    def token(self) -> str:
        """The run id: it tells the external state of this run from that of other runs."""
        started = self.evidence.of(ScheduleStarted)
        return started[0].token if started else ""

    @cached_property
    def reached(self) -> frozenset[PlannedFault]:
        """The faults of the schedule that were injected."""
        fired = {one.fault for one in self.evidence.of(FaultFired)}
        return frozenset(one for one in self.schedule.faults if str(one) in fired)

    @property
    def outcome(self) -> Ending:
        """How the first workflow that the target started ended."""
        return self.evidence.outcome

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """The bodies that ran to their end, in that order; without those of activities that only read."""
        return self.evidence.of(Effect)

    @cached_property
    def calls(self) -> tuple[CallMade, ...]:
        """The calls that were made, in the order of their scheduling."""
        return self.evidence.of(CallMade)

    @property
    def histories(self) -> Sequence[History]:
        """The histories of all its workflows, children included."""
        return self.evidence.histories

    @cached_property
    def world(self) -> Any:
        """The external state, as the target's `world` returned it; None without one."""
        return next((one.value for one in self.evidence.of(StateRead)), None)

    @cached_property
    def stuck(self) -> tuple[str, str] | None:
        """Why a workflow task failed, and its stack; None when none did."""
        return next(((one.message, one.stack) for one in self.evidence.of(WorkflowTaskStuck)), None)

    @cached_property
    def open(self) -> str:
        """What the workflows were waiting for when the deadline passed; "" when they had ended."""
        return next((one.waiting_for for one in self.evidence.of(DeadlinePassed)), "")

    @cached_property
    def replay(self) -> str:
        """Why a history does not replay; "" when all do."""
        return "; ".join(one.error for one in self.evidence.of(Replayed) if one.error is not None)

    @cached_property
    def raised(self) -> str:
        """What the target's own driver raised, other than the workflow's failure; "" for nothing."""
        return next((one.what for one in self.evidence.of(DriverFailed)), "")

    @cached_property
    def blocked(self) -> frozenset[str]:
        """The activities that blocked the event loop for a while."""
        return frozenset(one.activity for one in self.evidence.of(LoopBlocked))

    @cached_property
    def hung(self) -> tuple[str, str] | None:
        """The activity that blocked the event loop and did not return, and its file and line; None for none."""
        found = (one for one in self.evidence.of(LoopBlocked) if not one.came_back)
        return next(((one.activity, one.where) for one in found), None)

    @cached_property
    def undoes(self) -> frozenset[tuple[str, str]]:
        """The activities that may have asked a service to take back what another did, each with the operation."""
        return frozenset((one.activity, one.operation) for one in self.evidence.of(UndoRequested))

    @property
    def failed(self) -> bool:
        """Whether the workflow reports failure: with any end but Completed, or a result whose `success` is false."""
        return self.evidence.reports_failure

    @property
    def ended(self) -> bool:
        """Whether it came to an end by itself, and the record says all of it."""
        return not (self.open or self.stuck or self.hung or self.evidence.of(RunBroken))

    @cached_property
    def activities(self) -> tuple[str, ...] | None:
        """The types of the activities that the target has; None if that is not known."""
        started, built = self.evidence.of(ScheduleStarted), self.evidence.of(WorkerBuilt)
        if built:
            return tuple(dict.fromkeys(name for one in built for name in one.activities))
        return started[0].activities if started else None

    @property
    def not_tried(self) -> tuple[str, ...]:
        """What it has at which no fault is injected, one sentence each; known of the run without any fault."""
        return tuple(dict.fromkeys(one.what for one in self.evidence.of(NotTried)))

    def effects_of(self, activity: Named) -> tuple[Effect, ...]:
        """Return the effects of one activity.

        Args:
            activity: The function, the method, or its type.

        Raises:
            UsageError: The target has no such activity.
        """
        name, known = activity_name(activity), self.activities
        problem = activity_problem(name, known)
        if problem:
            raise UsageError(problem)
        if name == ANY_TYPE:
            return tuple(one for one in self.effects if one.activity not in (known or ()))
        return tuple(one for one in self.effects if one.activity == name)

    @cached_property
    def shape(self) -> tuple[str, ...]:
        """What distinguishes runs that took another way: calls, effects and end, but no values and no retries."""
        calls = sorted(str(one.call) for one in self.calls if one.place not in NO_CALLS)
        effects = sorted(f"effect of {one.call}" for one in self.effects)
        return (*calls, *effects, str(self.outcome.status), f"failed {self.failed}")

    def value(self, given: Any) -> str:
        """Return a value as text that is the same in every run: TOKEN stands for the run id."""
        return json.dumps(given, default=repr, sort_keys=True).replace(self.token, "TOKEN")

    @cached_property
    def timeline(self) -> tuple[TimelineEntry, ...]:
        """What happened, in order."""
        planned = {str(one) for one in self.schedule.faults}
        entries = (one for event in self.evidence.events for one in _entries(event, planned))
        return tuple(sorted(entries, key=lambda one: one.at))

    def freed(self, *, timeline: bool) -> ExploredRun:
        """Return this run without what takes much memory; of its histories the last events stay.

        Args:
            timeline: Whether somebody will want to read what happened.
        """
        events = self.evidence.events
        kept = events if timeline else tuple(one for one in events if isinstance(one, LASTING))
        return ExploredRun(replace(self.evidence, events=kept, histories=tuple(one.cut() for one in self.histories)))


def _entries(event: Event, planned: set[str]) -> Iterator[TimelineEntry]:
    match event:
        case FaultFired():
            where = event.call if event.fault in planned else event.fault
            yield TimelineEntry(event.at, "fault", f"{where} {event.what}")
        case WorkerGone() if event.code < 0:
            yield TimelineEntry(event.at, "worker", f"{event.worker} was killed")
        case WorkflowTaskStuck():
            yield TimelineEntry(event.at, "workflow", f"a workflow task failed: {in_a_sentence(event.message)}")
        case Effect():
            yield TimelineEntry(
                event.at, "activity", f"{event.call} attempt {event.attempt} returned {short(event.result)}"
            )
        case LoopBlocked():
            how = f"for {event.seconds:.1f} s" if event.came_back else "and did not return"
            text = f"{event.activity} blocked the event loop at {event.where} {how}"
            yield TimelineEntry(event.at, "activity", text)
        case DriverFailed():
            yield TimelineEntry(event.at, "driver", f"failed: {event.what}")
        case Noted():
            yield TimelineEntry(event.at, event.lane, event.what)
        case CallReceived() | CallAnswered() | CallUnanswered():
            yield TimelineEntry(event.at, "service", _of_service(event))


def _of_service(event: CallReceived | CallAnswered | CallUnanswered) -> str:
    match event:
        case CallReceived():
            return f"{event.call} received a request"
        case CallAnswered():
            return f"{event.call} answered {event.status}"
    return f"{event.call} did not answer: {event.why}"
