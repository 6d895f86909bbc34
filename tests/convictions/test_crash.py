"""A twin that does not bear the death of its worker is convicted, and the sound saga is acquitted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness import AtPoint, Kill, Phase, Scenario, Verdict
from harness.catalog import load_catalog
from harness.explore.crash_everywhere import crash_free
from harness.oracles.same_as_without_crash import same_as
from harness.results import Result
from harness.settings import find_project
from tests.convictions.conftest import Tried
from tests.convictions.twins import Twin, find_twins

ALL_WELL = crash_free(load_catalog(*find_project(Path(__file__).parent)).entries["saga/all_well"]).scenario


async def crashed(tried: Tried, name: str, scenario: Scenario) -> Result:
    """Run a scenario without a crash, then with its worker killed once the flight is booked."""
    calm = await tried(f"{name}/calm", scenario)
    assert calm.verdict is Verdict.PASSED, "\n".join(map(str, calm.findings))
    kill = Kill(when=AtPoint(phase=Phase.AFTER_BODY, activity="book_flight", attempt=1))
    return await tried(f"{name}/crashed", replace(scenario, faults=[kill], expects=[same_as(calm.evidence)]))


@pytest.mark.parametrize("twin", find_twins("crash"), ids=lambda twin: twin.name)
async def test_the_broken_is_convicted(tried: Tried, twin: Twin) -> None:
    """The outside world looks otherwise when its worker dies."""
    result = await crashed(tried, twin.name, twin.takes_over(ALL_WELL))

    assert [finding.oracle for finding in result.findings] == [twin.convicted_by]
    assert result.verdict is Verdict.FAILED


async def test_the_sound_is_acquitted(tried: Tried) -> None:
    """The reference books under the same key again."""
    result = await crashed(tried, "sound", ALL_WELL)

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
