"""In force from a named point in the application's own life on."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.flights import Flights
from harness import UsageError
from harness.events import PointReached
from harness.triggers.at_point import AtPoint
from harness.workers.failpoints import Failpoint, Phase
from tests.unit.fake_testbed import RecordingSwitch, set_stage, told

HEARTBEAT = Failpoint(
    worker="w1",
    phase=Phase.HEARTBEAT,
    workflow="Import",
    workflow_id="i-1",
    activity="copy",
    attempt=2,
    number=3,
    details={"row": 40},
)


async def armed_at(trigger: AtPoint, *points: Failpoint) -> list[int]:
    """How often the fault had been armed after each of these points."""
    testbed, switch, seen = set_stage(), RecordingSwitch(), []
    async with trigger.attach(testbed, on=Flights, switch=switch.switch):
        for point in points:
            await testbed.failpoints.reached(point)
            seen.append(len(switch.switched))
    assert len(told(testbed, PointReached)) == len(points)
    return seen


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({}, True),
        ({"activity": "copy", "workflow": "Import", "attempt": 2, "number": 3}, True),
        ({"activity": "paste"}, False),
        ({"workflow": "Export"}, False),
        ({"attempt": 1}, False),
        ({"number": 4}, False),
        ({"checkpoint": 40, "checkpoint_field": "row"}, True),
        ({"checkpoint": 41, "checkpoint_field": "row"}, False),
        ({"checkpoint": 1, "checkpoint_field": "line"}, False),
        ({"checkpoint": 1}, False),
    ],
    ids=str,
)
async def test_every_setting_must_fit(wanted: dict[str, Any], fits: bool) -> None:  # noqa: FBT001 - a column
    """What is not set fits anything; a checkpoint fits from its value on."""
    assert await armed_at(AtPoint(phase=Phase.HEARTBEAT, **wanted), HEARTBEAT) == [int(fits)]


async def test_the_nth_point_that_fits_arms_once() -> None:
    """Failpoints of another phase are not counted, and later ones do not arm again."""
    other = Failpoint(
        worker="w1", phase=Phase.AFTER_BODY, workflow="Import", workflow_id="i-1", activity="copy", attempt=2
    )

    seen = await armed_at(AtPoint(phase=Phase.HEARTBEAT, nth=2), HEARTBEAT, other, HEARTBEAT, HEARTBEAT)

    assert seen == [0, 0, 1, 1]


async def test_a_checkpoint_may_be_the_value_itself() -> None:
    """Where the application heartbeats a plain number."""
    plain = Failpoint(worker="w", phase=Phase.HEARTBEAT, workflow="I", workflow_id="i", activity="copy", details=7)

    assert await armed_at(AtPoint(phase=Phase.HEARTBEAT, checkpoint=7), plain) == [1]
    assert await armed_at(AtPoint(phase=Phase.HEARTBEAT, checkpoint=8), plain) == [0]


@pytest.mark.parametrize("name", ["attempt", "number", "nth"])
def test_points_are_counted_from_one(name: str) -> None:
    """There is none before the first."""
    zero: dict[str, Any] = {name: 0}

    with pytest.raises(UsageError, match=f"AtPoint: {name} must be >= 1, got 0"):
        AtPoint(phase=Phase.HEARTBEAT, **zero)
