"""The calls of an application: what a fault can be injected at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from harness.events import Event
from harness.library_internals.activity_definition import ActivityType


class CallPlace(StrEnum):
    """What kind of call it is."""

    ACTIVITY = auto()
    LOCAL_ACTIVITY = auto()
    CHILD = auto()
    TIMER = auto()
    SIGNAL = auto()
    """A signal or an update that the target's driver sends."""
    EVENT = auto()
    """Something that the workflow receives, such as the answer of an activity."""
    REQUEST = auto()
    """A request to a service behind a fake."""


@dataclass(frozen=True, kw_only=True, order=True)
class CallName:
    """One call of an activity, or of a child workflow, in Temporal's terms.

    Attributes:
        workflow: The type of the workflow that calls, "" for the one that the target starts.
        activity: The type of the activity, or of the child workflow.
        nth: Which call of that type by workflows of that type, from 1, in the order of their scheduling.
    """

    workflow: str
    activity: str
    nth: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "activity", ActivityType(self.activity))

    def __str__(self) -> str:
        return f"{self.workflow}/{self.activity}#{self.nth}" if self.workflow else f"{self.activity}#{self.nth}"


@dataclass(frozen=True, kw_only=True)
class CallMade(Event):
    """A call that was made, and what the application says of how it may fail.

    Attributes:
        call: Which.
        order: Its place among the calls of the run.
        attempts: How many attempts of it began.
        heartbeats: The most that one attempt of it sent.
        seconds: How long its longest body took.
        maximum_attempts: By its retry policy, 0 for no limit.
        bounded: Whether it gives up some time.
        gives_up_within: After how many seconds an attempt whose worker is silent has timed out.
        place: What kind of call it is.
        overtaken: Whether it is a signal, and another one was sent before it was acknowledged, which may overtake it.
        alongside: Whether it was in flight together with another activity of the same workflow.
        task: In which workflow task of the workflow that the target starts it was received, from 1; 0 for calls, and
            for what else came in that task.
        has_answer_body: Whether the answer of a request had a body.
        received: What it is that the workflow receives, in words; "" for calls.
    """

    call: CallName
    order: int
    attempts: int = 0
    heartbeats: int = 0
    seconds: float = 0.0
    maximum_attempts: int = 0
    bounded: bool = False
    gives_up_within: float = 0.0
    place: CallPlace = CallPlace.ACTIVITY
    overtaken: bool = False
    alongside: bool = False
    task: int = 0
    has_answer_body: bool = True
    received: str = ""
