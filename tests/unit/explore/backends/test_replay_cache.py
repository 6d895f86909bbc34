"""Which histories are the same to a replay."""

from __future__ import annotations

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from harness.explore.backends.replay_cache import _way


def history(*activities: str, result: bytes = b"1") -> WorkflowHistory:
    """One in which these activities are scheduled, and then it completes."""
    events = []
    for number, name in enumerate(activities):
        event = HistoryEvent(event_type=EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
        event.activity_task_scheduled_event_attributes.activity_type.name = name
        event.activity_task_scheduled_event_attributes.activity_id = str(number)
        events.append(event)
    last = HistoryEvent(event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
    last.workflow_execution_completed_event_attributes.result.payloads.add(data=result)
    return WorkflowHistory("w", [*events, last])


def test_values_make_no_difference() -> None:
    """One of the two is replayed."""
    assert _way(history("charge", "ship")) == _way(history("charge", "ship", result=b"2"))


def test_other_events_or_another_order_do() -> None:
    """Each of them is replayed."""
    ways = {_way(history("charge", "ship")), _way(history("ship", "charge")), _way(history("charge"))}

    assert len(ways) == 3
