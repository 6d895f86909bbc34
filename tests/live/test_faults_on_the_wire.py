"""A fault on the wire is seen to have fired or not, on a Toxiproxy that tells and on one that does not."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from fakes.cars import Cars
from fakes.flights import Flights
from harness import (
    Attempts,
    Direction,
    FirstCalls,
    FromCall,
    HttpError,
    Latency,
    NetworkFault,
    Outcome,
    Reset,
    Scenario,
    Testbed,
    Timeout,
    Verdict,
    Window,
)
from harness.environment.open import Environment, Wishes, open_environment
from harness.run.scenario_run import run_scenario
from scenarios.saga import all_well


@dataclass(frozen=True, kw_only=True)
class BluntReset(Reset):
    """A reset that is armed and does nothing."""

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Do nothing."""
        yield


@dataclass(frozen=True, kw_only=True)
class BluntLatency(Latency):
    """A latency that is armed and does nothing."""

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Do nothing."""
        yield


@dataclass(frozen=True, kw_only=True)
class BluntTimeout(Timeout):
    """A black hole that is armed and swallows nothing."""

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Do nothing."""
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["embedded", "binary"])
async def environment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Environment]:
    """Servers with a Toxiproxy that keeps a journal of connections, and with one that keeps none."""
    if request.param == "binary" and "CI" not in os.environ and shutil.which("toxiproxy-server") is None:
        pytest.skip("no toxiproxy-server on PATH")
    wishes = Wishes(toxiproxy_provider=request.param)
    async with open_environment(wishes, folder=tmp_path_factory.mktemp(request.param)) as opened:
        yield opened


@pytest.mark.parametrize(
    "fault",
    [
        BluntReset(on=Flights),
        BluntLatency(on=Flights, delay=timedelta(milliseconds=200)),
        BluntTimeout(on=Flights),
        BluntTimeout(on=Flights, direction=Direction.UPSTREAM),
    ],
    ids=lambda fault: f"{type(fault).__name__}-{fault.direction}",
)
async def test_a_fault_that_does_not_bite_is_noticed(
    environment: Environment, fault: NetworkFault, tmp_path: Path
) -> None:
    """Armed, and traffic went through, but nothing happened to it: the run proves nothing."""
    scenario = replace(all_well.scenario, faults=[fault])

    result = await run_scenario(scenario, name="blunt", environment=environment, folder=tmp_path / "run", seed=0)

    assert [finding.oracle for finding in result.findings] == ["fault_not_fired"]
    assert result.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    "fault",
    [
        Reset(on=Flights, when=FirstCalls(n=1)),
        Latency(on=Flights, delay=timedelta(milliseconds=200)),
        Latency(on=Flights, delay=timedelta(milliseconds=200), jitter=timedelta(milliseconds=100)),
        Latency(on=Flights, delay=timedelta(milliseconds=200), direction=Direction.UPSTREAM),
        Timeout(on=Flights, when=FirstCalls(n=1)),
    ],
    ids=["reset", "latency", "jitter", "latency upstream", "timeout"],
)
async def test_a_fault_that_bites_is_noticed(environment: Environment, fault: NetworkFault, tmp_path: Path) -> None:
    """The trip tolerates with it, and the run counts."""
    scenario = replace(all_well.scenario, faults=[fault], expects=[Outcome(result={"success": True})])

    result = await run_scenario(scenario, name="sharp", environment=environment, folder=tmp_path / "run", seed=0)

    assert result.findings == ()
    assert result.verdict is Verdict.PASSED


async def test_a_fault_meets_connections_that_were_open_before(environment: Environment, tmp_path: Path) -> None:
    """The cancellation goes out on the connection that the booking had left open, and its answer is lost."""
    scenario: Scenario = replace(
        all_well.scenario,
        faults=[
            HttpError(on=Flights.book, status=409),
            Reset(on=Cars, when=Window(opens=FromCall(n=1, of=Cars.cancel), closes=FromCall(n=2, of=Cars.cancel))),
        ],
        expects=[Outcome(result={"success": False, "failed_compensations": []}), Attempts(of=Cars.cancel, count=2)],
    )

    result = await run_scenario(scenario, name="kept", environment=environment, folder=tmp_path / "run", seed=0)

    assert result.findings == ()
    assert result.verdict is Verdict.PASSED
