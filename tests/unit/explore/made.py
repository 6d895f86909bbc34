"""Explored runs made by hand, in few words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from harness.evidence.history import Ending, Status
from harness.explore.calls import Call, CallMade
from harness.explore.model.explored_run import Effect, ExploredRun
from harness.explore.model.schedule import FAULT_FREE, Schedule, parse

TOKEN = "t-00001"  # noqa: S105 - what tells worlds apart
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def effect(name: str, *, nth: int = 1, attempt: int = 1, result: Any = None, arguments: tuple[Any, ...] = ()) -> Effect:
    """An effect, whose place is set by `ran`."""
    return Effect(
        call=Call(workflow="", activity=name, nth=nth),
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
    return CallMade(call=Call(workflow="", activity=name, nth=nth), order=order, **known)


def ran(
    *effects: Effect,
    status: Status = Status.COMPLETED,
    result: Any = None,
    schedule: str | Schedule = FAULT_FREE,
    **known: Any,
) -> ExploredRun:
    """A run with these effects in this order, in which every planned fault struck."""
    planned = parse(schedule) if isinstance(schedule, str) else schedule
    placed = [Effect(**{**vars(one), "order": place}) for place, one in enumerate(effects)]
    return ExploredRun(
        token=TOKEN,
        schedule=planned,
        outcome=Ending(status=status, result=result),
        effects=tuple(placed),
        **{"reached": frozenset(planned.faults), **known},
    )
