"""Every kind of fault does on real parts what its docstring says, and its firing is counted."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
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
    FlippedBit,
    FromCall,
    GarbledBody,
    HttpError,
    LateCommit,
    Latency,
    LateReply,
    LimitData,
    LiveRun,
    LostReply,
    OnlyNthCall,
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
from harness.faults.server.crash_server import CrashServer
from harness.faults.server.pause_server import PauseServer
from harness.faults.worker.deploy import Deploy
from harness.faults.worker.drain import Drain
from harness.faults.worker.kill import Kill
from harness.faults.worker.pause import Pause
from harness.faults.worker.rolling_restart import RollingRestart
from harness.files.naming import kind_of
from harness.results import Result
from harness.temporal.requirements import Server
from harness.triggers.at_point import AtPoint
from harness.workers.failpoints import Phase
from harness.workers.spec import WorkerProcesses
from tests.live.apps.reserve import Reserve, Wanted
from tests.live.apps.scenarios import RESERVE, reserving
from tests.live.conftest import Begin, Run

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
    "only_nth_call": meets(
        OnlyNthCall(on=Flights.book, n=2, fault=LostReply(on=Flights.book)),
        becomes=["reserved", "RemoteProtocolError"],
        calls=2,
        effects=[Flights.book, Flights.book],
        wanted=Wanted(seats=2),
    ),
    # The brace that opens the answer; in the middle of a text nobody would notice.
    "flipped_bit": meets(FlippedBit(on=Flights.book, at=0), becomes=["unreadable"]),
    "rate_limit": meets(
        RateLimit(on=Flights.book, limit="1/minute"),
        becomes=["reserved", "status 429"],
        calls=2,
        wanted=Wanted(seats=2),
    ),
}

# One attempt of the only seat is lost with its worker, and the next one books it under the same key.
LOSES_ONE = Wanted(attempts=3, attempt_within=timedelta(seconds=1))


def strikes(fault: Fault, *, calls: int | None = 1, wanted: Wanted = LOSES_ONE) -> Scenario:
    """Return a scenario in which a worker process is struck and the seats are reserved all the same, once."""
    return reserving(
        wanted,
        faults=[fault],
        expects=[
            Outcome(result=["reserved"] * wanted.seats),
            EffectsInOrder(operations=[Flights.book] * wanted.seats),
            *([] if calls is None else [Attempts(of=Flights.book, count=calls)]),
        ],
        workers=WorkerProcesses(),
    )


BEFORE = AtPoint(phase=Phase.BEFORE_BODY, activity="reserve", attempt=1)
AFTER = AtPoint(phase=Phase.AFTER_BODY, activity="reserve", attempt=1)

SCENARIOS |= {
    "kill": strikes(Kill(when=AFTER), calls=2),
    # A stopped worker's open polls still take tasks, each until its attempt times out. When it goes on, it may call
    # once more.
    "pause": strikes(
        Pause(when=BEFORE, others=1),
        calls=None,
        wanted=Wanted(attempts=0, attempt_within=timedelta(milliseconds=500)),
    ),
    "drain": strikes(Drain(when=AFTER), wanted=Wanted()),
    "deploy": strikes(Deploy(application=RESERVE, when=AFTER), wanted=Wanted(seats=2), calls=2),
    "rolling_restart": strikes(RollingRestart(when=BEFORE), wanted=Wanted(seats=2), calls=2),
}


def breaks_the_server(fault: Fault) -> Scenario:
    """Return a scenario whose own Temporal server breaks in the middle, and whose seats are reserved all the same."""
    return reserving(
        Wanted(seats=3, attempts=0, attempt_within=timedelta(seconds=2)),
        faults=[fault],
        expects=[Outcome(result=["reserved"] * 3), EffectsInOrder(operations=[Flights.book] * 3)],
        deadline=timedelta(minutes=1),
        server=Server(breakable=True),
    )


SCENARIOS |= {
    "crash_server": breaks_the_server(CrashServer(when=FromCall(n=2, of=Flights.book))),
    "pause_server": breaks_the_server(PauseServer(pause=timedelta(seconds=1), when=FromCall(n=2, of=Flights.book))),
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


@pytest.mark.skipif(sys.platform != "linux", reason="a port can be held beside its listener on Linux only")
async def test_an_outage_keeps_its_port(run: Run) -> None:
    """While it is refused, a service's port goes to nobody else: another run's fake would answer in its place."""
    given_away: list[bool] = []

    async def drive(run: LiveRun) -> None:
        host, _, port = run.testbed.proxy(Flights).address.partition(":")
        with socket.socket() as other:
            given_away.append(other.connect_ex((host, int(port))) == 0)
            try:
                other.bind((host, int(port)))
            except OSError as error:
                given_away.append(error.errno != errno.EADDRINUSE)
        await run.handle.signal(Reserve.go)

    scenario = reserving(
        Wanted(ask_before=1), faults=[Outage(on=Flights)], expects=[Outcome(result=["ConnectError"])], drive=drive
    )

    result = await run(scenario)

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    assert given_away == [False, False]


def test_every_kind_is_here() -> None:
    """Each file in harness/faults/ is tried on real parts."""
    kinds = {path.stem for folder in harness.faults.__path__ for path in Path(folder).glob("*/[!_]*.py")}

    tried = {kind_of(fault) for scenario in SCENARIOS.values() for fault in scenario.faults}
    assert tried == kinds
