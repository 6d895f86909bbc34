"""What the attempts in a worker process of its own say of a run: its calls, and what they did."""

from __future__ import annotations

from collections.abc import Iterator

from harness.events import AttemptEnded, AttemptStarted, Event
from harness.evidence.attempts import Attempt
from harness.evidence.calls import CallMade, CallName
from harness.evidence.evidence import Evidence
from harness.evidence.schedule_events import Effect, Noted


def calls_of_attempts(evidence: Evidence) -> tuple[CallMade, ...]:
    """Return the calls in the order in which they were begun."""
    first = sorted((one for one in evidence.attempts if one.number == 1), key=lambda one: one.began)
    return tuple(CallMade(at=one.began, call=_call(one), order=order) for order, one in enumerate(first))


def effects_of_attempts(evidence: Evidence) -> Iterator[Event]:
    """Yield the bodies that ran to their end, and a line of the timeline for each attempt that began or failed.

    Arguments and results are missing: a worker process does not send them.
    """
    for event in evidence.events:
        if isinstance(event, AttemptStarted):
            yield Noted(at=event.at, lane="activity", what=f"{event.activity} attempt {event.attempt} began")
        elif isinstance(event, AttemptEnded) and event.errors:
            failed = f"{event.activity} attempt {event.attempt} failed: {event.errors[0]}"
            yield Noted(at=event.at, lane="activity", what=failed)
    for order, one in enumerate(one for one in evidence.attempts if one.succeeded):
        yield Effect(
            at=one.ended,
            call=_call(one),
            activity=one.activity,
            workflow_id=one.workflow_id,
            attempt=one.number,
            arguments=(),
            result=None,
            order=order,
        )


def _call(attempt: Attempt) -> CallName:
    return CallName(workflow="", activity=attempt.activity, nth=attempt.nth)
