"""Explored runs made by hand, in few words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness.events import DeadlinePassed, Event, FaultFired, Replayed, WorkflowTaskStuck
from harness.evidence.calls import CallMade, CallName, CallPlace
from harness.evidence.evidence import Evidence
from harness.evidence.history import Status
from harness.evidence.schedule_events import DriverFailed, Effect, ScheduleStarted, StateRead, UndoRequested
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant
from harness.explore.model.schedule import FAULT_FREE, PlannedFault, Schedule, parse
from harness.explore.search.judge import Judged, ScheduleExpectations, judged
from harness.judge import judge
from harness.oracle import Oracle
from harness.results import Result
from harness.verdict import Finding, worst
from tests.unit.builders import failure, history, payload, recorded

TOKEN = "t-00001"  # noqa: S105 - the run id
PLACES = {
    "local": CallPlace.LOCAL_ACTIVITY,
    "child": CallPlace.CHILD,
    "timer": CallPlace.TIMER,
    "signal": CallPlace.SIGNAL,
    "event": CallPlace.EVENT,
    "request": CallPlace.REQUEST,
}
"""How `made` names what kind of call it is."""

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def effect(name: str, *, nth: int = 1, attempt: int = 1, result: Any = None, arguments: tuple[Any, ...] = ()) -> Effect:
    """An effect, whose place is set by `ran`."""
    return Effect(
        call=CallName(workflow="", activity=name, nth=nth),
        activity=name,
        workflow_id=TOKEN,
        attempt=attempt,
        arguments=arguments,
        result=result,
        order=0,
        at=NOON,
    )


def made(name: str, *, nth: int = 1, order: int = 1, **known: Any) -> CallMade:
    """A call that was made."""
    place = next((place for mark, place in PLACES.items() if known.pop(mark, False)), CallPlace.ACTIVITY)
    call = CallName(workflow="", activity=name, nth=nth)
    return CallMade(call=call, order=order, place=place, at=NOON, **known)


def ran(
    *effects: Effect,
    status: Status = Status.COMPLETED,
    result: Any = None,
    schedule: str | Schedule = FAULT_FREE,
    reached: Sequence[PlannedFault] | None = None,
    calls: Sequence[CallMade] = (),
    events: Sequence[Event] = (),
    **known: Any,
) -> ExploredRun:
    """A run with these effects in this order, in which every planned fault was injected unless others are named."""
    planned = parse(schedule) if isinstance(schedule, str) else schedule
    placed = [Effect(**{**vars(one), "order": place}) for place, one in enumerate(effects)]
    all_events = (
        ScheduleStarted(schedule=str(planned), token=TOKEN),
        *(
            FaultFired(fault=str(one), call=str(one.call), what=one.kind.sentence, at=NOON)
            for one in (planned.faults if reached is None else reached)
        ),
        *placed,
        *calls,
        *events,
        *_known(**known),
    )
    return Evidence(scenario="shop", seed=0, events=all_events, histories=(_history(status, result),)).read_as(
        ExploredRun
    )


def _history(status: Status, result: Any) -> Any:
    if status is Status.RUNNING:
        return history(workflow_id=TOKEN)
    name = "".join(f"_{one}" if one.isupper() else one for one in status).upper()
    said: dict[str, Any] = {"result": {"payloads": [payload(result)]}} if status is Status.COMPLETED else {}
    if status is Status.FAILED:
        said = {"failure": failure("application", "no", type="Declined")}
    return history(recorded(f"WORKFLOW_EXECUTION{name}", **said), workflow_id=TOKEN)


def _known(
    *,
    stuck: str = "",
    open: str = "",  # noqa: A002 - as of a run
    replay: str = "",
    raised: str = "",
    world: Any = None,
    undoes: Any = (),
) -> Iterator[Event]:
    if stuck:
        stack = 'File "app/flow.py", line 3, in run'
        yield WorkflowTaskStuck(workflow_id=TOKEN, cause="UNHANDLED", message=stuck, stack=stack)
    if open:
        yield DeadlinePassed(workflow_id=TOKEN, seconds=15, waiting_for=open)
    if raised:
        yield DriverFailed(what=raised)
    if world is not None:
        yield StateRead(value=world)
    yield from (UndoRequested(activity=activity, operation=operation) for activity, operation in sorted(undoes))
    yield Replayed(workflow_id=TOKEN, run_id="run-1", error=replay or None)


def result_of(run: ExploredRun, expects: Sequence[Oracle]) -> Result:
    """What a backend returns for a run."""
    findings = judge(ScheduleExpectations(schedule=run.schedule, expects=expects), run.evidence)
    return Result(
        name="shop",
        verdict=worst(one.verdict for one in findings),
        findings=findings,
        evidence=run.evidence,
        folder=Path(),
        took=timedelta(0),
        repeat="",
    )


def judged_by(
    run: ExploredRun,
    invariants: Sequence[Invariant],
    *,
    undoing: frozenset[tuple[str, str]] = frozenset(),
    usual: Collection[str] | None = None,
) -> Judged:
    """A run as a campaign keeps it."""
    return judged(run.evidence, result_of(run, invariants).findings, invariants, undoing=undoing, usual=usual)


def found_by(invariant: Invariant, run: ExploredRun) -> list[Finding]:
    """What an invariant finds in a run."""
    return list(invariant.judge(run.evidence))
