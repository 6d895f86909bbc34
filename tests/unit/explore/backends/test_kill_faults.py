"""Where a worker is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import AtPoint, Phase
from harness.catalog import load_catalog
from harness.explore.backends.kill_faults import kill_at
from harness.explore.backends.nth_delivery import WhenToldOf
from harness.explore.model.schedule import parse
from harness.settings import find_project
from harness.testbed.ports import Part
from harness.workers.failpoints import Failpoint, Failpoints
from tests.unit.fake_testbed import RecordingSwitch, set_stage

SCENARIO = load_catalog(*find_project(Path(__file__).parent)).entries["saga/all_well"].scenario


@pytest.mark.parametrize(
    ("name", "point"),
    [
        (
            "book_car#2:killed_before",
            AtPoint(phase=Phase.BEFORE_BODY, activity="book_car", workflow="BookTrip", attempt=1, nth=2),
        ),
        (
            "Leg/book#1:killed_after",
            AtPoint(phase=Phase.AFTER_BODY, activity="book", workflow="Leg", attempt=1, nth=1),
        ),
    ],
)
def test_it_is_killed_at_the_first_attempt_of_the_call(name: str, point: AtPoint) -> None:
    """Of the workflow that calls; with none, that is the one that the scenario starts."""
    (planned,) = parse(name).faults

    assert kill_at(planned, SCENARIO).when == point


def test_it_is_killed_at_the_task_that_tells_of_something() -> None:
    """To the workflow that the scenario starts."""
    (planned,) = parse("event#3:killed_at_task").faults

    assert kill_at(planned, SCENARIO).when == WhenToldOf(n=3, workflow="BookTrip")


async def test_what_is_told_is_counted_however_it_is_divided_into_tasks() -> None:
    """Of other workflows nothing counts, nor do points in activities."""
    testbed, switch = set_stage(), RecordingSwitch()
    points = Failpoints(lambda _: None)
    testbed.failpoints = points
    armed = []
    async with WhenToldOf(n=3, workflow="BookTrip").attach(testbed, on=Part.WORKERS, switch=switch.switch):
        for workflow, phase, new in [
            ("BookTrip", Phase.WORKFLOW_TASK, 1),
            ("Leg", Phase.WORKFLOW_TASK, 5),
            ("BookTrip", Phase.BEFORE_BODY, 0),
            ("BookTrip", Phase.WORKFLOW_TASK, 1),
            ("BookTrip", Phase.WORKFLOW_TASK, 2),
            ("BookTrip", Phase.WORKFLOW_TASK, 1),
        ]:
            await points.reached(Failpoint(worker="w", phase=phase, workflow=workflow, workflow_id="i", deliveries=new))
            armed.append(len(switch.switched))

    assert armed == [0, 0, 0, 0, 1, 1]
