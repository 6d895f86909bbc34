"""Every kind of fault does on real parts what its docstring says, and its firing is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

import harness.faults
from fakes.flights import Flights
from harness import (
    Attempts,
    Bandwidth,
    Direction,
    EffectsInOrder,
    Fault,
    GarbledBody,
    HttpError,
    LateCommit,
    Latency,
    LateReply,
    LimitData,
    LostReply,
    Operation,
    Outage,
    Outcome,
    RateLimit,
    Reset,
    Scenario,
    Slicer,
    SlowClose,
    Timeout,
    Verdict,
)
from harness.naming import kind_of
from harness.result import Result
from tests.live.apps.reserve import Wanted
from tests.live.apps.scenarios import reserving
from tests.live.conftest import Begin

HASTY = Wanted(answer_within=timedelta(milliseconds=200))
LONG = timedelta(seconds=5)


def meets(
    *faults: Fault,
    becomes: Sequence[str],
    calls: int = 1,
    effects: Sequence[Operation] = (Flights.book,),
    wanted: Wanted = HASTY,
) -> Scenario:
    """Return a scenario of these faults that expects what became of each seat, at the caller and at the fake."""
    return reserving(
        wanted,
        faults=faults,
        expects=[
            Outcome(result=list(becomes)),
            Attempts(of=Flights.book, count=calls),
            EffectsInOrder(operations=effects),
        ],
    )


SCENARIOS = {
    "latency": meets(Latency(on=Flights, delay=LONG), becomes=["ReadTimeout"]),
    "timeout": meets(Timeout(on=Flights), becomes=["ReadTimeout"]),
    "timeout of requests": meets(
        Timeout(on=Flights, direction=Direction.UPSTREAM), becomes=["ReadTimeout"], calls=0, effects=[]
    ),
    "reset": meets(Reset(on=Flights), becomes=["ReadError"]),
    "outage": meets(Outage(on=Flights), becomes=["ConnectError"], calls=0, effects=[]),
    "bandwidth": meets(Bandwidth(on=Flights, kilobytes_per_second=0), becomes=["ReadTimeout"]),
    "slicer": meets(Slicer(on=Flights, average_size=50, pause=LONG), becomes=["ReadTimeout"]),
    "limit_data": meets(LimitData(on=Flights, after_bytes=20), becomes=["RemoteProtocolError"]),
    # Without it the caller would see the cut at once, as in "lost_reply".
    "slow_close": meets(SlowClose(on=Flights, delay=LONG), LostReply(on=Flights.book), becomes=["ReadTimeout"]),
    "http_error": meets(HttpError(on=Flights.book, status=503), becomes=["status 503"], effects=[]),
    "lost_reply": meets(LostReply(on=Flights.book), becomes=["RemoteProtocolError"]),
    "late_reply": meets(LateReply(on=Flights.book), becomes=["ReadTimeout"]),
    "late_commit": meets(
        LateCommit(on=Flights.book, after=Flights.cancel),
        becomes=["ReadTimeout"],
        effects=[],
        wanted=Wanted(answer_within=HASTY.answer_within, give_back=True),
    ),
    "garbled_body": meets(GarbledBody(on=Flights.book), becomes=["unreadable"]),
    "rate_limit": meets(
        RateLimit(on=Flights.book, limit="1/minute"),
        becomes=["reserved", "status 429"],
        calls=2,
        wanted=Wanted(seats=2),
    ),
}

Runs = Mapping[str, "asyncio.Task[Result]"]


@pytest.fixture(scope="module")
def runs(begin: Begin) -> Runs:
    """All of them at once."""
    return {name: begin(scenario) for name, scenario in SCENARIOS.items()}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_does_what_it_says(runs: Runs, name: str) -> None:
    """Caller and fake see what the fault's docstring says, and the fault is known to have fired."""
    result = await runs[name]

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))


def test_every_kind_is_here() -> None:
    """Each file in harness/faults/ is tried on real parts; those of workers are in test_workers."""
    folders = [Path(folder) / family for folder in harness.faults.__path__ for family in ("network", "service")]
    kinds = {path.stem for folder in folders for path in folder.glob("[!_]*.py")}

    tried = {kind_of(fault) for scenario in SCENARIOS.values() for fault in scenario.faults}
    assert tried == kinds
