"""What is recorded of a schedule's run, beside what every run records; and what blocked the event loop of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.events import Event
from harness.evidence.calls import CallName
from harness.library_internals.activity_definition import ActivityType

HARMFUL = 2.0
"""For how many seconds an activity may block the event loop until that is a finding: the SDK takes a workflow task that
takes as long for deadlocked, and heartbeats of all other activities are late by then."""

STARVED_FOR = 1.0
"""For how many seconds the machine may starve a run until it is too busy: timeouts are as short."""


@dataclass(frozen=True, kw_only=True)
class ScheduleStarted(Event):
    """The run of a schedule began.

    Attributes:
        schedule: Its name, such as "charge#1:lost"; "fault-free" for the run without any fault.
        token: The run id of the exploration: it tells the run's external state from that of other runs.
        activities: The types of the activities that its worker has, "*" for a dynamic one; None if not known.
    """

    schedule: str
    token: str
    activities: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Effect(Event):
    """A body of an activity that ran to its end: what it did, is done.

    Attributes:
        call: Which call.
        activity: The type of the activity; it equals the activity's function or method, too.
        workflow_id: The workflow that made the call.
        attempt: In which attempt.
        arguments: The body's arguments.
        result: What it returned, whether or not the answer arrived.
        order: Its place among all effects of the run, from 0.
        at: When the body ended, by this machine's clock.
    """

    call: CallName
    activity: str
    workflow_id: str
    attempt: int
    arguments: tuple[Any, ...]
    result: Any
    order: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "activity", ActivityType(self.activity))


@dataclass(frozen=True, kw_only=True)
class AttemptPrevented(Event):
    """An attempt failed at whose call a fault is planned.

    Attributes:
        call: Which call.
        arguments: What the body was given, or would have been.
    """

    call: CallName
    arguments: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class UndoRequested(Event):
    """During an attempt of an activity, a service was asked to take back what another call had done.

    Attributes:
        activity: The type of the activity. Of several that ran at the same time, each may have asked.
        operation: The operation that was requested, such as "flights.cancel".
    """

    activity: str
    operation: str


@dataclass(frozen=True, kw_only=True)
class LoopBlocked(Event):
    """An activity kept the event loop from running anything else.

    Attributes:
        activity: The type of the activity.
        where: Its file and line.
        seconds: For how long; 0 when it was not called at all, since it never returned before.
        came_back: Whether it returned by itself; it was given up otherwise.
    """

    activity: str
    where: str
    seconds: float = 0.0
    came_back: bool = True

    @property
    def is_harmful(self) -> bool:
        """Whether it was long enough to count."""
        return not self.came_back or self.seconds >= HARMFUL


@dataclass(frozen=True, kw_only=True)
class HeldUp(Event):
    """Another run's activity, or other code, kept the event loop that runs share from running anything else.

    Attributes:
        by: Which activity of which scenario.
        where: Its file and line.
        seconds: For how long.
    """

    by: str
    where: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class MachineBusy(Event):
    """The machine let the processes of a run wait for a CPU.

    Attributes:
        seconds: For how long, the process that waited most at each time.
        starved: How much of that was in half seconds in which a process could run for less than half of the time.
        lasted: How long the run took.
    """

    seconds: float
    starved: float
    lasted: float

    @property
    def is_too_busy(self) -> bool:
        """Whether a run may have failed because of it."""
        return self.starved >= STARVED_FOR

    def __str__(self) -> str:
        return f"processes of the run waited for a CPU for {self.seconds:.1f} of {self.lasted:.1f} s"


@dataclass(frozen=True, kw_only=True)
class StateRead(Event):
    """The target's `world` read the external state once the run had come to rest."""

    value: Any


@dataclass(frozen=True, kw_only=True)
class DriverFailed(Event):
    """The driver of a run raised, or was still waiting when the workflow had ended.

    Attributes:
        what: What it raised.
        by_client: Whether that is what a client gets when a workflow or an update has failed, or a workflow is gone:
            under faults, an answer like another.
    """

    what: str
    by_client: bool = True


@dataclass(frozen=True, kw_only=True)
class NotAtRest(Event):
    """Something that the run has started still went on when it was read what had become of it.

    Attributes:
        what: What, and what it was waiting for.
        seconds: For how long it was waited for.
    """

    what: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    """A line of a run's timeline for which there is no other event.

    Attributes:
        lane: Where it happened: "workflow", "activity" or "fault".
        what: One sentence.
    """

    lane: str
    what: str


@dataclass(frozen=True, kw_only=True)
class NotTried(Event):
    """Something in the run without any fault at which no fault is injected; one sentence."""

    what: str
