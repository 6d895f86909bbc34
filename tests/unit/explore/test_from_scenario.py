"""A scenario as a target."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.catalog import load_catalog
from harness.errors import UsageError
from harness.explore.from_scenario import from_scenario
from harness.settings import find_project

CATALOG = load_catalog(*find_project(Path(__file__).parent)).entries
SAGA = [entry.scenario for name, entry in CATALOG.items() if name.startswith("saga/")]


def test_it_is_judged_by_what_its_pattern_wants_whatever_happens() -> None:
    """Not by what one failure leads to."""
    target = from_scenario("saga/all_well", CATALOG["saga/all_well"].scenario, SAGA)

    names = sorted({getattr(one, "name", "") for one in target.invariants})
    assert names == ["at_most_once", "compensated_in_reverse", "no_orphans", "success_means_done"]


def test_its_waits_cost_nothing() -> None:
    """It starts its workflow itself, and needs no signal."""
    assert from_scenario("saga/all_well", CATALOG["saga/all_well"].scenario, SAGA).skips


def test_a_scenario_that_drives_itself_is_refused() -> None:
    """Its drive needs a stage."""
    driven = next(name for name, entry in CATALOG.items() if entry.scenario.drive is not None)

    with pytest.raises(UsageError, match="drives its workflow itself"):
        from_scenario(driven, CATALOG[driven].scenario, [])
