"""The wire between the workers and Temporal breaks in every way, and the scenario's own client has another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import (
    After,
    AtMostOnce,
    AtPoint,
    Attempts,
    Direction,
    Fault,
    FromCall,
    Latency,
    LiveRun,
    NetworkFault,
    Outage,
    Outcome,
    Part,
    Phase,
    Recorded,
    Scenario,
    Timeout,
    Verdict,
    Window,
    WorkerProcesses,
)
from harness.events import ConnectionCarried, FaultFired
from harness.results import Result
from tests.live.apps.reserve import Wanted
from tests.live.apps.scenarios import go_once_armed, reserving
from tests.live.conftest import Begin

SECOND = timedelta(seconds=1)
WANTED = Wanted(seats=2, attempts=0, attempt_within=2 * SECOND)


def over_the_link(fault: Fault, *, wanted: Wanted = WANTED, **more: object) -> Scenario:
    """A scenario with this fault on the link, whose seats are reserved once each all the same."""
    return reserving(
        wanted,
        faults=[fault],
        expects=[
            Outcome(result=["reserved"] * wanted.seats),
            AtMostOnce(of=Flights.book),
            *more.pop("expects", ()),  # type: ignore[misc]  # a list of oracles
        ],
        workers=WorkerProcesses(),
        deadline=timedelta(minutes=1),
        **more,  # type: ignore[arg-type]  # fields of the scenario
    )


async def asks_meanwhile(run: LiveRun) -> None:
    """Let the workflow go on, and ask for its state, while the workers are cut off."""
    await go_once_armed(run)
    described = await run.handle.describe()
    assert described.id == run.handle.id


DURING = Window(opens=FromCall(n=1, of=Flights.book), closes=After(delay=4 * SECOND))
"""From the first call on, while its completion has not been reported, for a few seconds at most."""

SCENARIOS: dict[str, Scenario] = {
    "latency": over_the_link(Latency(on=Part.LINK, delay=timedelta(milliseconds=50))),
    "outage": over_the_link(Outage(on=Part.LINK, when=DURING)),
    "black hole": over_the_link(Timeout(on=Part.LINK, when=DURING)),
    "own client": over_the_link(
        Outage(on=Part.LINK, when=Window(opens=FromCall(n=1, of=Flights.book), closes=After(delay=3 * SECOND))),
        wanted=Wanted(seats=2, attempts=0, attempt_within=2 * SECOND, ask_before=2),
        drive=asks_meanwhile,
    ),
    # What is reported goes into the void, what is polled for still arrives: the attempt is made, and made again.
    "one way": over_the_link(
        Timeout(
            on=Part.LINK,
            direction=Direction.UPSTREAM,
            when=Window(
                opens=AtPoint(phase=Phase.AFTER_BODY, activity="reserve", attempt=1),
                closes=FromCall(n=2, of=Flights.book),
            ),
        ),
        wanted=Wanted(seats=1, attempts=0, attempt_within=2 * SECOND),
        expects=[
            Attempts(of=Flights.book, count=2),
            Recorded(
                event="ActivityTaskStarted",
                having={
                    "attempt": 2,
                    "lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}},
                },
            ),
        ],
    ),
}

Runs = Mapping[str, "asyncio.Task[Result]"]


@pytest.fixture(scope="module")
def runs(begin: Begin) -> Runs:
    """All of them at once."""
    return {name: begin(scenario) for name, scenario in SCENARIOS.items()}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_application_bears_it(runs: Runs, name: str) -> None:
    """The workers find Temporal again, and what was done twice took effect once."""
    result = await runs[name]

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))


@pytest.mark.parametrize("name", SCENARIOS)
async def test_it_met_the_workers_and_nobody_else(runs: Runs, name: str) -> None:
    """Their connections went through the link's proxy, and only there it fired."""
    evidence = (await runs[name]).evidence
    [fault] = SCENARIOS[name].faults
    assert isinstance(fault, NetworkFault | Outage)
    [carried] = {one.service for one in evidence.of(ConnectionCarried) if one.toxics} or {"link"}

    assert carried == "link"
    assert any(one.service == "link" for one in evidence.of(ConnectionCarried))
    assert all(one.fault.endswith("@link") for one in evidence.of(FaultFired))
