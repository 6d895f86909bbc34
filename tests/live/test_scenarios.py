"""Scenarios hold as a user's own pytest would find. The gate runs all of them; here are those of one pattern."""

from __future__ import annotations

from harness.catalog import Entry
from harness.pytest_plugin import Judged, every_scenario


@every_scenario("saga/*")
async def test_scenario(scenario: Entry, judged: Judged) -> None:
    """What the scenario's docstring says must hold, holds."""
    await judged(scenario)
