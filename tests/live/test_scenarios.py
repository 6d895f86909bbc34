"""Every named scenario holds, as a user's own pytest would find."""

from __future__ import annotations

from harness.catalog import Entry
from harness.pytest_plugin import Judged, every_scenario


@every_scenario()
async def test_scenario(scenario: Entry, judged: Judged) -> None:
    """What the scenario's docstring says must hold, holds."""
    await judged(scenario)
