"""In force from the workflow task on in which a workflow receives its nth event."""

from __future__ import annotations

import pytest

from harness import NthDelivery, UsageError
from harness.testbed.ports import Part
from harness.workers.failpoints import Failpoint, Failpoints, Phase
from tests.unit.fake_testbed import RecordingSwitch, set_stage


async def test_events_are_counted_however_they_are_divided_into_tasks() -> None:
    """Those of other workflows are not, nor are points in activities."""
    testbed, switch = set_stage(), RecordingSwitch()
    points = Failpoints(lambda _: None)
    testbed.failpoints = points
    armed = []
    async with NthDelivery(n=3, workflow="BookTrip").attach(testbed, on=Part.WORKERS, switch=switch.switch):
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


def test_there_is_no_event_before_the_first() -> None:
    """They are counted from 1."""
    with pytest.raises(UsageError, match=r"NthDelivery: n must be >= 1, got 0\."):
        NthDelivery(n=0)
