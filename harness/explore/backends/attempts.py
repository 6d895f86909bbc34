"""The attempts that a worker told of, each with the call that it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from harness.events import AttemptEnded, AttemptStarted
from harness.evidence.evidence import Evidence
from harness.explore.model.schedule import Call

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Attempted:
    """One attempt of a call.

    Attributes:
        call: Which call, in the order in which calls of an activity were begun.
        workflow_id: Whose.
        attempt: Which attempt of it, from 1.
        began: When its body began.
        ended: When it ended; `NEVER` where nobody heard of that.
        succeeded: Whether it ran to its end.
    """

    call: Call
    workflow_id: str
    attempt: int
    began: datetime
    ended: datetime = NEVER
    succeeded: bool = False


def attempted(evidence: Evidence) -> Iterator[Attempted]:
    """Yield every attempt, in the order in which they ended, those that never did last.

    A first attempt begins a call. A run that continues as new numbers its activities anew, so that an end belongs to
    the beginning just before it.
    """
    counted: Counter[str] = Counter()
    calls: dict[tuple[str, str], Call] = {}
    going_on: dict[tuple[str, str, int], Attempted] = {}
    for event in evidence.events:
        match event:
            case AttemptStarted():
                known = event.workflow_id, event.activity_id
                if event.attempt == 1 or known not in calls:
                    counted[event.activity] += 1
                    calls[known] = Call(workflow="", activity=event.activity, nth=counted[event.activity])
                going_on[*known, event.attempt] = Attempted(
                    call=calls[known], workflow_id=event.workflow_id, attempt=event.attempt, began=event.at
                )
            case AttemptEnded():
                begun = going_on.pop((event.workflow_id, event.activity_id, event.attempt), None)
                if begun is not None:
                    yield replace(begun, ended=event.at, succeeded=not event.errors)
    yield from going_on.values()
