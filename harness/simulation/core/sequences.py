"""Cuts a history into what a workflow hears in one task after the other.

As `find_end_index_of_next_wft_seq` of the SDK's core does: a task that failed or timed out is no end, nor is one that
was completed without any command and followed by another.
"""

from __future__ import annotations

from collections.abc import Sequence

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from harness.simulation.core.events import CLOSES, COMMANDS

SKIPPED = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
    }
)
"""The events behind the start of a task that has not been done."""


def next_sequence(events: Sequence[HistoryEvent]) -> int:
    """Return how many of the events, all of which the workflow has not heard of, belong to its next task."""
    command_seen = any_seen = False
    starts: list[tuple[int, int]] = []
    for place, event in enumerate(events):
        if event.event_type in COMMANDS:
            command_seen = any_seen = True
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
            any_seen = True
        if event.event_type in CLOSES:
            return place + 1
        if event.event_type != EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
            continue
        starts.append((event.event_id, place))
        following = events[place + 1].event_type if place + 1 < len(events) else None
        if following in SKIPPED:
            starts.pop()
            continue
        if following == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED and place + 2 < len(events):
            behind = events[place + 2]
            if not command_seen and behind.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
                continue
            return 1 + _end_before_update(behind, starts, place)
        if any_seen:
            return place + 1
    return len(events)


def _end_before_update(behind: HistoryEvent, starts: list[tuple[int, int]], place: int) -> int:
    """An update is handled in the task behind which it came, whatever tasks without effect are in between."""
    if behind.HasField("workflow_execution_update_accepted_event_attributes"):
        sequencing = behind.workflow_execution_update_accepted_event_attributes.accepted_request_sequencing_event_id
        for event_id, at in reversed(starts):
            if event_id < sequencing:
                return at
    return place
