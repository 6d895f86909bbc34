"""Evidence made by hand, in few words: what oracles, the judge and the reports are tested on.

    evidence(booked("flights", "k1"), cancelled("flights", "k1"), completed({"success": False}))

Events get their times from their order, one millisecond apart. An operation is named as oracles name it, either by
its attribute (`Flights.book`) or as text ("flights.book").
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness.events import (
    AttemptEnded,
    AttemptStarted,
    CallAnswered,
    CallReceived,
    CallUnanswered,
    EffectApplied,
    EffectRefused,
    EffectRepeated,
    EffectUndone,
    Event,
    Heartbeat,
    Tombstoned,
)
from harness.evidence.evidence import Evidence
from harness.evidence.history import History, read_history
from harness.oracle import Oracle
from harness.results import Result, SessionEnded, SessionStarted
from harness.services.operation import Operation
from harness.verdict import Finding, Verdict, worst

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

On = Operation | str


def evidence(*parts: Event | History | Sequence[Event], name: str = "saga/made_up", seed: int = 7) -> Evidence:
    """Make evidence of events (or several at once) and histories, in this order."""
    events: list[Event] = []
    histories: list[History] = []
    for part in parts:
        if isinstance(part, History):
            histories.append(part)
        else:
            events += [part] if isinstance(part, Event) else part
    stamped = (replace(event, at=START + timedelta(milliseconds=number)) for number, event in enumerate(events))
    return Evidence(scenario=name, seed=seed, events=tuple(stamped), histories=tuple(histories))


# --- calls and effects ----------------------------------------------------------------------------------------------


def received(
    on: On, key: str | None = "k1", *, nth: int = 1, body: Any = None, workflow_time: datetime | None = None
) -> CallReceived:
    """The nth call of an operation reached its fake."""
    service, operation = _split(on)
    call = f"{on}#{nth}"
    return CallReceived(
        service=service, operation=operation, call=call, key=key, body=body, workflow_time=workflow_time
    )


def answered(on: On, status: int = 200, *, nth: int = 1) -> CallAnswered:
    """The nth call of an operation was answered."""
    return CallAnswered(call=f"{on}#{nth}", status=status)


def unanswered(on: On, *, nth: int = 1, why: str = "the answer was lost") -> CallUnanswered:
    """The nth call of an operation got no answer."""
    return CallUnanswered(call=f"{on}#{nth}", why=why)


def applied(on: On, key: str = "k1", *, nth: int = 1) -> EffectApplied:
    """The nth call of an operation took effect."""
    service, operation = _split(on)
    return EffectApplied(service=service, operation=operation, call=f"{on}#{nth}", key=key)


def repeated(on: On, key: str = "k1", *, nth: int = 2) -> EffectRepeated:
    """The nth call of an operation found its effect standing already."""
    service, operation = _split(on)
    return EffectRepeated(service=service, operation=operation, call=f"{on}#{nth}", key=key)


def refused(on: On, key: str = "k1", *, nth: int = 1) -> EffectRefused:
    """The nth call of an operation came after its key had been undone."""
    service, operation = _split(on)
    return EffectRefused(service=service, operation=operation, call=f"{on}#{nth}", key=key)


def undone(on: On, key: str = "k1", *, undoes: str = "book", nth: int = 1) -> EffectUndone:
    """The nth call of an operation took an effect back."""
    service, operation = _split(on)
    return EffectUndone(service=service, operation=operation, undoes=undoes, call=f"{on}#{nth}", key=key)


def tombstoned(on: On, key: str = "k1", *, undoes: str = "book", nth: int = 1) -> Tombstoned:
    """The nth call of an operation was to take back what did not stand."""
    service, operation = _split(on)
    return Tombstoned(service=service, operation=operation, undoes=undoes, call=f"{on}#{nth}", key=key)


def booked(service: str, key: str = "k1", *, nth: int = 1, body: Any = None) -> list[Event]:
    """A booking from its call to its answer."""
    on = f"{service}.book"
    return [received(on, key, nth=nth, body=body), applied(on, key, nth=nth), answered(on, 201, nth=nth)]


def cancelled(service: str, key: str = "k1", *, nth: int = 1) -> list[Event]:
    """The cancellation of a booking that stood."""
    on = f"{service}.cancel"
    return [received(on, key, nth=nth), undone(on, key, nth=nth), answered(on, nth=nth)]


def processed(item: Any, *, nth: int, again: bool = False) -> list[Event]:
    """The nth call of items.process, from its call to its answer; asked again, it finds its effect standing."""
    on, key = "items.process", f"b:{item}"
    effect = repeated(on, key, nth=nth) if again else applied(on, key, nth=nth)
    return [received(on, key, nth=nth, body={"batch": "b", "item": item}), effect, answered(on, nth=nth)]


def discarded(item: Any, *, nth: int = 1) -> list[Event]:
    """An item that was processed is discarded."""
    on, key = "items.discard", f"b:{item}"
    return [received(on, key, nth=nth), undone(on, key, undoes="process", nth=nth), answered(on, nth=nth)]


# --- attempts -------------------------------------------------------------------------------------------------------


def attempt(number: int = 1, *, activity: str = "process_batch", resumes_from: Any = None) -> AttemptStarted:
    """An attempt of an activity began."""
    return AttemptStarted(
        workflow_id="trip-1", activity=activity, activity_id="1", attempt=number, resumes_from=resumes_from
    )


def beat(details: Any, number: int = 1, *, activity: str = "process_batch") -> Heartbeat:
    """An attempt heartbeated."""
    return Heartbeat(workflow_id="trip-1", activity=activity, activity_id="1", attempt=number, details=details)


def ended(number: int = 1, *errors: str, activity: str = "process_batch") -> AttemptEnded:
    """An attempt's body ended."""
    return AttemptEnded(workflow_id="trip-1", activity=activity, activity_id="1", attempt=number, errors=errors)


def decided_by(number: int, *, how: str = "COMPLETED") -> History:
    """The history of a workflow whose one activity was decided by an attempt."""
    return history(
        recorded("ACTIVITY_TASK_SCHEDULED", activityId="1", activityType={"name": "process_batch"}),
        recorded("ACTIVITY_TASK_STARTED", scheduledEventId="3", attempt=number),
        recorded(f"ACTIVITY_TASK_{how}", scheduledEventId="3", startedEventId="4"),
        recorded("WORKFLOW_EXECUTION_COMPLETED"),
    )


def _split(on: On) -> tuple[str, str]:
    service, _, operation = str(on).partition(".")
    return service, operation


# --- histories ------------------------------------------------------------------------------------------------------


def payload(value: Any) -> dict[str, Any]:
    """A payload as the default data converter makes it, in its JSON form."""
    return raw_payload(json.dumps(value).encode(), encoding="json/plain")


def raw_payload(data: bytes, *, encoding: str) -> dict[str, Any]:
    """A payload of any encoding, in its JSON form."""
    return {
        "metadata": {"encoding": base64.b64encode(encoding.encode()).decode()},
        "data": base64.b64encode(data).decode(),
    }


def failure(kind: str, message: str = "", *, cause: Mapping[str, Any] | None = None, **info: Any) -> dict[str, Any]:
    """A failure in its JSON form, of a kind such as "application", with what its info says."""
    data: dict[str, Any] = {"message": message, f"{kind}FailureInfo": info}
    return data if cause is None else {**data, "cause": cause}


def recorded(kind: str, **attributes: Any) -> dict[str, Any]:
    """A history event of a type such as "TIMER_FIRED" in its JSON form, still without number and time."""
    first, *others = kind.lower().split("_")
    camel = first + "".join(word.capitalize() for word in others)
    return {"eventType": f"EVENT_TYPE_{kind}", f"{camel}EventAttributes": attributes}


def history_json(*events: Mapping[str, Any]) -> dict[str, Any]:
    """A history in its JSON form: the events, numbered, one second apart."""
    times = ((START + timedelta(seconds=number)).isoformat() for number in range(len(events)))
    return {
        "events": [
            {"eventId": str(number), "eventTime": at, **event}
            for number, (at, event) in enumerate(zip(times, events, strict=True), start=1)
        ]
    }


def history(*events: Mapping[str, Any], workflow_id: str = "trip-1", run_id: str = "run-1") -> History:
    """A history of these events, begun by a start of BookTrip and a first workflow task."""
    begin = (
        recorded("WORKFLOW_EXECUTION_STARTED", workflowType={"name": "BookTrip"}),
        recorded("WORKFLOW_TASK_COMPLETED"),
    )
    return read_history(history_json(*begin, *events), workflow_id=workflow_id, run_id=run_id)


def completed(result: Any = None, *, workflow_id: str = "trip-1", run_id: str = "run-1") -> History:
    """The history of a workflow that returned `result`."""
    close = recorded("WORKFLOW_EXECUTION_COMPLETED", result={"payloads": [payload(result)]})
    return history(close, workflow_id=workflow_id, run_id=run_id)


def failed(with_: Mapping[str, Any] | None = None) -> History:
    """The history of a workflow that failed."""
    with_ = failure("application", "no seats", type="Declined") if with_ is None else with_
    return history(recorded("WORKFLOW_EXECUTION_FAILED", failure=with_))


def closed(how: str, *, workflow_id: str = "trip-1", run_id: str = "run-1") -> History:
    """The history of a workflow that ended in another way, such as "CANCELED"."""
    return history(recorded(f"WORKFLOW_EXECUTION_{how}"), workflow_id=workflow_id, run_id=run_id)


# --- findings and results -------------------------------------------------------------------------------------------


def judged(oracle: Oracle, *parts: Event | History | Sequence[Event]) -> list[Finding]:
    """What an oracle finds in evidence of these parts."""
    return list(oracle.judge(evidence(*parts)))


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The verdict that findings come to."""
    return worst(one.verdict for one in findings)


def finding(title: str = "it broke.", *, verdict: Verdict = Verdict.FAILED, detail: str = "") -> Finding:
    """One finding."""
    return Finding(oracle="no_orphans", verdict=verdict, title=title, detail=detail)


def result(*findings: Finding, name: str = "saga/made_up", of: Evidence | None = None) -> Result:
    """The result of a run with these findings."""
    return Result(
        name=name,
        verdict=verdict_of(findings),
        findings=findings,
        evidence=of or evidence(completed(), name=name),
        folder=Path("runs") / name,
        took=timedelta(seconds=1.5),
        repeat=f"harness run {name} --seed 7",
    )


def session(
    *results: Result,
    not_run: tuple[str, ...] = (),
    skipped: Mapping[str, str] | None = None,
    interrupted: bool = False,
) -> SessionEnded:
    """A session of these results that has ended."""
    names = (*(one.name for one in results), *not_run)
    started = SessionStarted(
        at=START, names=names, seed=7, folder=Path("runs"), temporal="Temporal 1.32", toxiproxy="Toxiproxy 2.12"
    )
    return SessionEnded(
        started=started,
        results=results,
        not_run=not_run,
        skipped=skipped or {},
        interrupted=interrupted,
        took=timedelta(seconds=2),
    )
