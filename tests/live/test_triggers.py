"""Every trigger arms and heals its fault at the moment it names."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

import harness.triggers
from fakes.flights import Flights
from harness import (
    After,
    AtStart,
    FirstCalls,
    FromCall,
    HttpError,
    NthCall,
    NthDelivery,
    OnEvent,
    Outcome,
    Scenario,
    Trigger,
    Verdict,
    Window,
)
from harness.files.naming import kind_of
from harness.results import Result
from harness.triggers.after_event import AfterEvent
from harness.triggers.at_point import AtPoint
from harness.workers.failpoints import Phase
from harness.workers.spec import WorkerProcesses
from tests.live.apps.reserve import Wanted
from tests.live.apps.scenarios import go_once_armed, reserving
from tests.live.conftest import Begin

HIT, SPARED = "status 503", "reserved"


def hits(trigger: Trigger, *seats: str) -> Scenario:
    """Return a scenario in which the trigger decides which seats meet a 503."""
    return reserving(
        Wanted(seats=len(seats)),
        faults=[HttpError(on=Flights.book, when=trigger)],
        expects=[Outcome(result=list(seats))],
    )


def hits_from_the_second(trigger: Trigger) -> Scenario:
    """Return a scenario whose second seat is asked for only once the fault is in force."""
    return reserving(
        Wanted(seats=2, ask_before=2),
        faults=[HttpError(on=Flights.book, when=trigger)],
        expects=[Outcome(result=[SPARED, HIT])],
        drive=go_once_armed,
    )


SCENARIOS = {
    "at_start": hits(AtStart(), HIT, HIT),
    "first_calls": hits(FirstCalls(n=2), HIT, HIT, SPARED),
    "from_call": hits(FromCall(n=2), SPARED, HIT, HIT),
    "nth_call": hits(NthCall(n=2), SPARED, HIT, SPARED),
    "window": hits(Window(opens=FromCall(n=2), closes=FromCall(n=3)), SPARED, HIT, SPARED),
    "window that begins at once": hits(Window(opens=AtStart(), closes=FromCall(n=2)), HIT, SPARED),
    # Seven: the first seat's activity has completed.
    "after_event": hits_from_the_second(AfterEvent(id=7)),
    "on_event": hits_from_the_second(OnEvent(type="ActivityTaskCompleted")),
    "at_point": reserving(
        Wanted(seats=3),
        faults=[HttpError(on=Flights.book, when=AtPoint(phase=Phase.BEFORE_BODY, activity="reserve", nth=2))],
        expects=[Outcome(result=[SPARED, HIT, HIT])],
        workers=WorkerProcesses(),
    ),
    # The start, and then the answer of the first seat's activity.
    "nth_delivery": reserving(
        Wanted(seats=3),
        faults=[HttpError(on=Flights.book, when=NthDelivery(n=2))],
        expects=[Outcome(result=[SPARED, HIT, HIT])],
        workers=WorkerProcesses(),
    ),
    "after": reserving(
        Wanted(ask_before=1),
        faults=[HttpError(on=Flights.book, when=After(delay=timedelta(milliseconds=100)))],
        expects=[Outcome(result=[HIT])],
        drive=go_once_armed,
    ),
}

Runs = Mapping[str, "asyncio.Task[Result]"]


@pytest.fixture(scope="module")
def runs(begin: Begin) -> Runs:
    """All of them at once."""
    return {name: begin(scenario) for name, scenario in SCENARIOS.items()}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_is_in_force_when_it_says(runs: Runs, name: str) -> None:
    """Exactly the calls of that span of time meet the fault."""
    result = await runs[name]

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))


def test_every_kind_is_here() -> None:
    """Each file in harness/triggers/ is tried on real parts."""
    kinds = {path.stem for folder in harness.triggers.__path__ for path in Path(folder).glob("[!_]*.py")}

    triggers: Sequence[Trigger] = [fault.when for scenario in SCENARIOS.values() for fault in scenario.faults]
    assert {kind_of(trigger) for trigger in triggers} == kinds | {"at_start"}
