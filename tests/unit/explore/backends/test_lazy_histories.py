"""Histories that are read when somebody asks."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from harness.evidence.history import Ending, Status
from harness.explore.backends.lazy_histories import Histories, outcome


def fetched() -> WorkflowHistory:
    """One that was started and has completed."""
    first = HistoryEvent(event_id=1, event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)
    first.event_time.FromSeconds(1)
    first.workflow_execution_started_event_attributes.workflow_type.name = "Flow"
    last = HistoryEvent(event_id=2, event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
    last.event_time.FromSeconds(2)
    last.workflow_execution_completed_event_attributes.result.payloads.add(
        metadata={"encoding": b"json/plain"}, data=b"7"
    )
    return WorkflowHistory("w", [first, last])


def test_they_are_what_reading_them_at_once_gives() -> None:
    """And are read once."""
    one = fetched()
    histories = Histories([one])

    with patch.object(
        WorkflowHistory, "to_json_dict", autospec=True, side_effect=WorkflowHistory.to_json_dict
    ) as reads:
        length = len(histories)
        before: Any = reads.call_count
        (read,) = histories
        (again,) = histories[:]

    assert (length, before, reads.call_count) == (1, 0, 1)
    assert read is again
    assert (read.workflow_id, read.workflow, len(read.events)) == ("w", "Flow", 2)


def test_the_last_event_tells_the_end() -> None:
    """As the whole history does; without any, it goes on."""
    assert outcome(fetched()) == Histories([fetched()])[0].outcome == Ending(status=Status.COMPLETED, result=7)
    assert outcome(WorkflowHistory("w", [])).status is Status.RUNNING
