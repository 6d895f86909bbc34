"""A scenario as a target."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness import UsageError, WorkerModule, WorkerProcesses, explored_scenario
from harness.catalog import load_catalog
from harness.explore.backends.scenario_target import DRIVEN_WITHIN, from_scenario
from harness.library_internals.skipping_clock import AVAILABLE
from harness.settings import find_project
from harness.temporal.requirements import Clock

CATALOG = load_catalog(*find_project(Path(__file__).parent)).entries
SAGA = [entry.scenario for name, entry in CATALOG.items() if name.startswith("saga/")]


def test_it_is_judged_by_what_its_pattern_wants_whatever_happens() -> None:
    """Not by what one failure leads to."""
    target = from_scenario("saga/all_well", CATALOG["saga/all_well"].scenario, SAGA)

    names = sorted({getattr(one, "name", "") for one in target.invariants})
    assert names == ["at_most_once", "compensated_in_reverse", "no_orphans", "success_means_done"]


def test_its_own_faults_are_left_aside() -> None:
    """The exploration brings its own."""
    target = from_scenario("saga/flights_down", CATALOG["saga/flights_down"].scenario, SAGA)

    assert CATALOG["saga/flights_down"].scenario.faults
    assert target.scenario.faults == ()


def test_its_waits_cost_nothing() -> None:
    """It starts its workflow itself, and needs no signal."""
    target = from_scenario("saga/all_well", CATALOG["saga/all_well"].scenario, SAGA)

    assert target.skips is AVAILABLE
    assert target.scenario.server.clock is (Clock.SKIPPING if AVAILABLE else Clock.REAL)


def test_a_scenario_that_drives_itself_keeps_the_clock_that_its_drive_goes_by() -> None:
    """A skipping one would not wait for it; and what it waits for may never come."""
    target = from_scenario("approval/all_well", CATALOG["approval/all_well"].scenario, [])

    assert target.scenario.server.clock is Clock.REAL
    assert target.scenario.deadline == target.deadline == DRIVEN_WITHIN


def test_an_undo_is_what_its_fakes_say_undoes() -> None:
    """For what is refused for good to be told apart."""
    target = from_scenario("saga/all_well", CATALOG["saga/all_well"].scenario, SAGA)

    undoes = {name for one in target.invariants for name in getattr(one, "undoes", ())}
    assert undoes == {"cars.cancel", "flights.cancel", "hotels.cancel"}


def test_a_worker_of_the_user_s_own_is_refused() -> None:
    """An exploration stands in the worker."""
    own = WorkerProcesses(own=WorkerModule(entry="tests.unit.workers.test_custom:works"))
    sound = CATALOG["saga/all_well"].scenario
    scenario = replace(sound, workers=own, application=replace(sound.application, activities=None))

    with pytest.raises(UsageError, match="has a worker of its own"):
        from_scenario("saga/all_well", scenario, SAGA)


def test_a_schedule_is_no_target_itself() -> None:
    """Its target is."""
    schedule = explored_scenario("tests/explored/shop_target.py", "charge#1:lost_last")

    with pytest.raises(UsageError, match="is a schedule of an exploration already"):
        from_scenario("found/shop", schedule, [])
