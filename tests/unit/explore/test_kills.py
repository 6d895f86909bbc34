"""Where a worker is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import AtPoint, Phase
from harness.catalog import load_catalog
from harness.explore.kills import kill_at
from harness.explore.schedule import parse
from harness.settings import find_project

SCENARIO = load_catalog(*find_project(Path(__file__).parent)).entries["saga/all_well"].scenario


@pytest.mark.parametrize(
    ("name", "point"),
    [
        (
            "book_car#2:killed-before",
            AtPoint(phase=Phase.BEFORE_BODY, activity="book_car", workflow="BookTrip", attempt=1, nth=2),
        ),
        (
            "Leg/book#1:killed-after",
            AtPoint(phase=Phase.AFTER_BODY, activity="book", workflow="Leg", attempt=1, nth=1),
        ),
    ],
)
def test_it_is_killed_at_the_first_attempt_of_the_call(name: str, point: AtPoint) -> None:
    """Of the workflow that calls; with none, that is the one that the scenario starts."""
    (planned,) = parse(name).faults

    assert kill_at(planned, SCENARIO).when == point
