"""Every broken twin of a pattern is convicted by the oracle it names, and the sound pattern is acquitted."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from harness.catalog import load_catalog
from harness.results import Result
from harness.settings import find_project
from harness.verdict import Verdict
from tests.convictions.conftest import Tried
from tests.convictions.twins import Twin, find_twins

CATALOG = load_catalog(*find_project(Path(__file__).parent)).entries
PATTERNS = sorted({name.partition("/")[0] for name in CATALOG})
TWINS = [twin for pattern in PATTERNS for twin in find_twins(pattern)]
TRIALS = [pytest.param(twin, name, id=f"{twin.name}-{name}") for twin in TWINS for name in twin.tried_with]
SCENARIOS = sorted({name for twin in TWINS for name in twin.tried_with})

# Findings by the rules of the harness itself: red, but not for what the twin does wrong.
ACCIDENTS = {"run", "no_stuck_task", "terminates", "fault_not_fired"}

Trials = Mapping[tuple[str, str], "asyncio.Task[Result]"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def trials(tried: Tried, request: pytest.FixtureRequest) -> AsyncIterator[Trials]:
    """All runs of the tests that were selected, begun at once; a test awaits the one that it is about."""
    begun: dict[tuple[str, str], asyncio.Task[Result]] = {}
    async with asyncio.TaskGroup() as group:
        for one in request.session.items:
            if not isinstance(one, pytest.Function) or one.module is not request.module:
                continue
            twin, name = one.callspec.params.get("twin"), str(one.callspec.params["name"])
            scenario = CATALOG[name].scenario
            if _lacks(name):
                continue
            if not isinstance(twin, Twin):
                begun["sound", name] = group.create_task(tried(name, scenario))
            else:
                broken = tried(f"{twin.name}/{name}", twin.takes_over(scenario))
                begun[twin.name, name] = group.create_task(broken)
        yield begun


@pytest.mark.parametrize(("twin", "name"), TRIALS)
async def test_the_broken_is_convicted(trials: Trials, twin: Twin, name: str) -> None:
    """The twin fails the scenario, and the oracle that its file names is among those that say so."""
    _skip_where_it_cannot_run(name)
    result = await trials[twin.name, name]

    told = "\n".join(map(str, result.findings))
    assert result.verdict is Verdict.FAILED, f"acquitted although it {twin.does_wrong}\n{told}"
    convicting = {finding.oracle for finding in result.findings if finding.verdict is Verdict.FAILED}
    assert twin.convicted_by in convicting, told
    assert not (ACCIDENTS - {twin.convicted_by}) & {finding.oracle for finding in result.findings}, told


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_sound_is_acquitted(trials: Trials, name: str) -> None:
    """The reference passes every scenario that a twin was convicted in."""
    _skip_where_it_cannot_run(name)
    result = await trials["sound", name]

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))


def _lacks(name: str) -> tuple[str, ...]:
    """Why a scenario cannot run on a user's machine; in CI everything has to be there."""
    return () if "CI" in os.environ else CATALOG[name].scenario.missing


def _skip_where_it_cannot_run(name: str) -> None:
    if missing := _lacks(name):
        pytest.skip(" ".join(missing))
