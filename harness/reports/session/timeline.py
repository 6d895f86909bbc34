"""One run as lanes of moments and spans: what happened where, and when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from harness.events import (
    AttemptEnded,
    AttemptStarted,
    CallAnswered,
    CallReceived,
    CallUnanswered,
    ConnectionCarried,
    ConnectTried,
    Event,
    FaultArmed,
    FaultFired,
    FaultHealed,
    WorkerGone,
    WorkerPaused,
    WorkerResumed,
    WorkerStarted,
    WorkerStopped,
)
from harness.evidence.event_json import describe, to_json
from harness.evidence.evidence import Evidence
from harness.evidence.history import payloads

MOST = 2000
"""How many moments of one run are shown; a page with a history of 100,000 events must stay usable."""

LONGEST = 400
"""How many characters of a moment are shown; the run folder has all of it."""


class Look(StrEnum):
    """How a moment is drawn."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    FAULT = "fault"
    EFFECT = "effect"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happened, or went on for a while.

    Attributes:
        lane: Where: "workflow", "state", "activities", "faults", "workers", "server", "run", or a fake's name.
        since: Milliseconds from the start of the run.
        until: Milliseconds from the start for what went on for a while; None for what happened at once.
        what: A few words.
        detail: One line with all of it.
        look: How it is drawn.
        refs: What findings may refer to it by.
    """

    lane: str
    since: float
    until: float | None = None
    what: str
    detail: str
    look: Look = Look.PLAIN
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Everything that is shown of a run.

    Attributes:
        lanes: In the order in which they are drawn, from the top.
        moments: In the order of their beginning.
        left_out: How many moments there are beyond those.
    """

    lanes: tuple[str, ...]
    moments: tuple[Moment, ...]
    left_out: int


def timeline(evidence: Evidence, *, most: int = MOST, near: tuple[str, ...] = ()) -> Timeline:
    """Return a run as lanes.

    Args:
        evidence: The run.
        most: How many moments are kept.
        near: References whose moments are always kept.
    """
    moments = sorted([*_events(evidence), *_history(evidence), *_states(evidence)], key=lambda one: one.since)
    kept = moments
    if len(moments) > most:
        kept = _some(moments, most, near)
    first = ("workflow", "state", "activities")
    last = ("faults", "workers", "server", "run")
    seen = dict.fromkeys(one.lane for one in kept)
    fakes = sorted(one for one in seen if one not in (*first, *last))
    lanes = tuple(one for one in (*first, *fakes, *last) if one in seen)
    return Timeline(lanes=lanes, moments=tuple(kept), left_out=len(moments) - len(kept))


def _some(moments: list[Moment], most: int, near: tuple[str, ...]) -> list[Moment]:
    """At most `most` moments: what findings refer to, the beginning and the end, other events, then the history."""
    quarter = most // 4
    chosen = dict.fromkeys(number for number, one in enumerate(moments) if set(one.refs) & set(near)) | dict.fromkeys(
        [*range(quarter), *range(len(moments) - quarter, len(moments))]
    )
    chosen |= dict.fromkeys(number for number, one in enumerate(moments) if one.lane != "workflow")
    return [moments[number] for number in sorted(list(chosen)[:most])]


def _history(evidence: Evidence) -> Iterator[Moment]:
    start = evidence.events[0].at
    for number, history in enumerate(evidence.histories):
        whose = f"{history.workflow_id} " if number else ""
        for event in history.events:
            bad = event.type.endswith(("Failed", "TimedOut", "Terminated"))
            good = event.type == "WorkflowExecutionCompleted"
            yield Moment(
                lane="workflow",
                since=_ms(event.at, start),
                what=f"{event.id} {event.type}",
                detail=_cut(f"{whose}{event.id} {event.type} {json.dumps(event.attributes, default=str)}"),
                look=Look.BAD if bad else Look.GOOD if good else Look.PLAIN,
                refs=(f"event {event.id}",) if not number else (),
            )


def _states(evidence: Evidence) -> Iterator[Moment]:
    """Values in the memos of workflows, such as a breaker's state, each until it changes."""
    start = evidence.events[0].at
    for history in evidence.histories:
        current: dict[str, Moment] = {}
        end = _ms(history.events[-1].at, start) if history.events else 0.0
        for event in history.of_type("WorkflowPropertiesModified"):
            for name, packed in event.attributes.get("upsertedMemo", {}).get("fields", {}).items():
                at, value = _ms(event.at, start), payloads({"payloads": [packed]})[0]
                if name in current:
                    yield replace(current[name], until=at)
                shown = value["state"] if isinstance(value, dict) and "state" in value else value
                current[name] = Moment(
                    lane="state",
                    since=at,
                    until=end,
                    what=_cut(f"{name}: {shown}", 80),
                    detail=_cut(f"{name} {json.dumps(value, default=str)}"),
                )
        yield from current.values()


def _events(evidence: Evidence) -> Iterator[Moment]:
    """Events of the stream; one that opens a span is kept until the one that closes it has come."""
    start = evidence.events[0].at
    end = _ms(evidence.events[-1].at, start)
    open_: dict[tuple[str, ...], Moment] = {}
    for event in evidence.events:
        at, key = _ms(event.at, start), _span(event)
        if key is None:
            yield _moment(event, at)
        elif key not in open_:
            open_[key] = _moment(event, at)
        else:
            began = open_.pop(key)
            look = _look(event) if _look(event) is not Look.PLAIN else began.look
            yield replace(
                began,
                until=at,
                what=_ending(began, event),
                detail=_cut(f"{began.detail} … {describe(event)}"),
                look=look,
            )
            if isinstance(event, WorkerPaused | WorkerResumed):
                open_[key] = _moment(event, at)
    yield from (replace(one, until=end) for one in open_.values())


def _span(event: Event) -> tuple[str, ...] | None:
    """The span that an event opens or closes, None for any other event."""
    match event:
        case AttemptStarted() | AttemptEnded():
            return "attempt", event.workflow_id, event.activity_id, str(event.attempt)
        case CallReceived() | CallAnswered() | CallUnanswered():
            return "call", event.call
        case FaultArmed() | FaultHealed():
            return "fault", event.fault
        case WorkerStarted() | WorkerStopped() | WorkerGone() | WorkerPaused() | WorkerResumed():
            return "worker", event.worker
        case _:
            return None


def _moment(event: Event, at: float) -> Moment:
    data = to_json(event)
    refs = tuple(str(data[name]) for name in ("call", "fault") if data.get(name))
    return Moment(
        lane=_lane(event), since=at, what=_what(event, data), detail=_cut(describe(event)), look=_look(event), refs=refs
    )


def _what(event: Event, data: dict[str, Any]) -> str:
    match event:
        case AttemptStarted():
            return f"{event.activity} attempt {event.attempt}"
        case CallReceived():
            return event.call
        case FaultArmed():
            return event.fault
        case WorkerStarted() | WorkerResumed():
            return event.worker
        case WorkerPaused():
            return f"{event.worker} paused"
        case _:
            shown = next((str(data[name]) for name in ("operation", "status", "what", "name") if data.get(name)), "")
            return _cut(f"{data['event']} {shown}".strip(), 80)


def _ending(began: Moment, event: Event) -> str:
    match event:
        case CallAnswered():
            return f"{began.what} → {event.status}"
        case CallUnanswered():
            return f"{began.what} → no answer"
        case AttemptEnded() if event.errors:
            return _cut(f"{began.what}: {event.errors[0]}", 120)
        case _:
            return began.what


def _look(event: Event) -> Look:
    name = type(event).__name__
    match event:
        case FaultArmed() | FaultFired() | FaultHealed() | WorkerPaused():
            return Look.FAULT
        case CallUnanswered() | WorkerGone():
            return Look.BAD
        case CallAnswered():
            return Look.BAD if event.status >= 400 else Look.PLAIN
        case AttemptEnded():
            return Look.BAD if event.errors else Look.PLAIN
        case _ if name.startswith("Effect") or name == "Tombstoned":
            return Look.EFFECT
        case _:
            bad = ("WorkflowTaskStuck", "DeadlinePassed", "RunBroken", "RunInterrupted")
            return Look.BAD if name in bad else Look.PLAIN


def _lane(event: Event) -> str:
    service = getattr(event, "service", None) or str(getattr(event, "call", None) or "").partition(".")[0]
    if isinstance(event, ConnectionCarried | ConnectTried):
        return f"{service} (wire)"
    if hasattr(event, "fault"):
        return "faults"
    if service:
        return str(service)
    if hasattr(event, "worker"):
        return "workers"
    if hasattr(event, "activity"):
        return "activities"
    return "server" if type(event).__name__.startswith("Server") else "run"


def _ms(at: datetime, start: datetime) -> float:
    return round((at - start) / timedelta(milliseconds=1), 1)


def _cut(text: str, longest: int = LONGEST) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"
