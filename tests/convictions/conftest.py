"""Runs scenarios for real, all of a module's at once: they mostly wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from harness.environment.open import Environment
from harness.results import Result
from harness.run.scenario_run import run_scenario
from harness.scenario import Scenario

AT_ONCE = 6

Tried = Callable[[str, Scenario], Coroutine[Any, Any, Result]]


@pytest.fixture(scope="session")
def tried(harness_environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """Run a scenario under a name, without judging its verdict."""
    places = asyncio.Semaphore(AT_ONCE)
    root: Path = tmp_path_factory.mktemp("runs")

    async def run(name: str, scenario: Scenario) -> Result:
        async with places:
            return await run_scenario(scenario, name=name, environment=harness_environment, folder=root / name, seed=0)

    return run
