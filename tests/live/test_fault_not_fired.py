"""A fault that did not meet the application as declared makes a run worthless; the finding says what came instead."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import Fault, FirstCalls, FromCall, HttpError, Latency, LateReply, LostReply, OnEvent, SlowClose, Verdict
from harness.results import Result
from tests.live.apps.scenarios import reserving
from tests.live.conftest import Begin


@dataclass(frozen=True, kw_only=True)
class Idle:
    """A fault that does not fire as declared when one seat is reserved, and what the finding must say of it."""

    fault: Fault
    title: str
    detail: str


CASES = {
    "its operation is never called": Idle(
        fault=HttpError(on=Flights.cancel),
        title="the fault http_error@flights.cancel never fired; declared: at least 1.",
        detail="seen instead: 0 calls of flights.cancel; other calls: flights.book#1",
    ),
    "its operation is called too rarely": Idle(
        fault=HttpError(on=Flights.book, status=500, when=FirstCalls(n=3)),
        title="the fault http_error@flights.book fired once; declared: exactly 3.",
        detail="seen instead: 1 call of flights.book",
    ),
    "its call never comes": Idle(
        fault=LostReply(on=Flights.book, when=FromCall(n=2)),
        title="the fault lost_reply@flights.book never fired; declared: at least 1.",
        detail="it was never armed: what its trigger waits for did not happen",
    ),
    "its event never comes": Idle(
        fault=Latency(on=Flights, delay=timedelta(seconds=1), when=OnEvent(type="TimerFired")),
        title="the fault latency@flights never fired; declared: at least 1.",
        detail="it was never armed: what its trigger waits for did not happen",
    ),
    "nobody closes a connection": Idle(
        fault=SlowClose(on=Flights, delay=timedelta(seconds=1)),
        title="the fault slow_close@flights never fired; declared: at least 1.",
        detail="seen instead: 1 connection through the proxy of flights",
    ),
    "the caller is more patient": Idle(
        fault=LateReply(on=Flights.book, patience=timedelta(milliseconds=50)),
        title="the fault late_reply@flights.book never fired; declared: at least 1.",
        detail="it was armed\nseen instead: 1 call of flights.book",
    ),
}

Runs = Mapping[str, "asyncio.Task[Result]"]


@pytest.fixture(scope="module")
def runs(begin: Begin) -> Runs:
    """All of them at once."""
    return {name: begin(reserving(faults=[case.fault])) for name, case in CASES.items()}


@pytest.mark.parametrize("name", CASES)
async def test_is_inconclusive_and_says_why(runs: Runs, name: str) -> None:
    """The run is INCONCLUSIVE though every oracle holds; the finding names the fault and what was seen instead."""
    result = await runs[name]

    assert result.verdict is Verdict.INCONCLUSIVE
    [finding] = result.findings
    assert (finding.oracle, finding.title) == ("fault_not_fired", CASES[name].title)
    assert CASES[name].detail in finding.detail
