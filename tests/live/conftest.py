"""Runs scenarios on real parts, one Temporal server and one Toxiproxy for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from harness.environment.open import Environment
from harness.results import Result
from harness.run.scenario_run import run_scenario
from harness.scenario import Scenario

AT_ONCE = 6

Run = Callable[[Scenario], Coroutine[Any, Any, Result]]
Begin = Callable[[Scenario], "asyncio.Task[Result]"]


@pytest.fixture(scope="session")
def run(harness_environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a scenario and return its result, whatever its verdict."""
    places = asyncio.Semaphore(AT_ONCE)
    root = tmp_path_factory.mktemp("runs")
    numbers = count(1)

    async def one(scenario: Scenario) -> Result:
        name = f"live/{next(numbers):03}"
        async with places:
            return await run_scenario(scenario, name=name, environment=harness_environment, folder=root / name, seed=0)

    return one


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def begin(run: Run) -> AsyncIterator[Begin]:
    """Begin a run whose result a later test awaits: the runs of a module go on at once."""
    async with asyncio.TaskGroup() as group:
        yield lambda scenario: group.create_task(run(scenario))
