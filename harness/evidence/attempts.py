"""The attempts of a run's activities, each with the call that it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from harness.events import AttemptEnded, AttemptStarted, Event

NEVER = datetime.max.replace(tzinfo=UTC)
"""When an attempt ended whose end was not recorded."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt of an activity, from the beginning of its body to its end.

    Attributes:
        activity: The type of the activity.
        nth: Which call of that activity, from 1, in the order of their first attempts.
        workflow_id: The workflow that made the call.
        number: Which attempt of the call, from 1.
        began: When its body began.
        ended: When its body ended; `NEVER` when its end was not recorded.
        succeeded: Whether its body returned.
    """

    activity: str
    nth: int
    workflow_id: str
    number: int
    began: datetime
    ended: datetime = NEVER
    succeeded: bool = False

    @property
    def failed(self) -> bool:
        """Whether its body is known to have raised."""
        return self.ended != NEVER and not self.succeeded


def read_attempts(events: Iterable[Event]) -> Iterator[Attempt]:
    """Yield every attempt in the order in which they ended; those without a recorded end come last.

    A first attempt begins a call. A run that continues as new numbers its activities from 1 again, so that an end
    belongs to the beginning just before it.
    """
    counted: Counter[str] = Counter()
    calls: dict[tuple[str, str], int] = {}
    running: dict[tuple[str, str, int], Attempt] = {}
    for event in events:
        match event:
            case AttemptStarted():
                call = event.workflow_id, event.activity_id
                if event.attempt == 1 or call not in calls:
                    counted[event.activity] += 1
                    calls[call] = counted[event.activity]
                running[*call, event.attempt] = Attempt(
                    activity=event.activity,
                    nth=calls[call],
                    workflow_id=event.workflow_id,
                    number=event.attempt,
                    began=event.at,
                )
            case AttemptEnded():
                begun = running.pop((event.workflow_id, event.activity_id, event.attempt), None)
                if begun is not None:
                    yield replace(begun, ended=event.at, succeeded=not event.errors)
    yield from running.values()
