"""What a server says about an execution that a client has it describe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse

from harness.simulation.messages import NANOS, seconds, timestamp
from harness.simulation.server.activities import Activity
from harness.simulation.server.execution import Execution

NOTHING = b"binary/null"
"""The encoding of a value that takes the one before it away."""


def description(execution: Execution) -> DescribeWorkflowExecutionResponse:
    """Return what the server says."""
    answer = DescribeWorkflowExecutionResponse()
    started, events = execution.started, execution.history.events
    info = answer.workflow_execution_info
    info.execution.CopyFrom(execution.execution)
    info.type.CopyFrom(started.workflow_type)
    info.status = execution.status
    info.task_queue = execution.task_queue
    info.history_length = len(events)
    info.start_time.CopyFrom(events[0].event_time)
    info.execution_time.CopyFrom(_later(events[0].event_time, seconds(started.first_workflow_task_backoff)))
    info.first_run_id = started.first_execution_run_id
    info.root_execution.CopyFrom(execution.root)
    if started.HasField("parent_workflow_execution"):
        info.parent_execution.CopyFrom(started.parent_workflow_execution)
    info.memo.SetInParent()
    info.search_attributes.SetInParent()
    _fill(info.memo.fields, _memos(events))
    _fill(info.search_attributes.indexed_fields, _search_attributes(events))
    if execution.closed:
        info.close_time.CopyFrom(events[-1].event_time)
    answer.pending_activities.extend(_pending(one) for one in execution.activities.open)
    for initiated_id, child in execution.children.open:
        answer.pending_children.add(
            workflow_id=child.workflow_id,
            run_id=child.run_id,
            workflow_type_name=child.workflow_type.name,
            initiated_id=initiated_id,
        )
    if execution.tasks.pending:
        answer.pending_workflow_task.attempt = execution.tasks.attempt
    return answer


def _later(moment: Timestamp, by: float) -> Timestamp:
    return timestamp(moment.seconds + moment.nanos / NANOS + by) if by else moment


def _memos(events: Iterable[HistoryEvent]) -> Iterable[Mapping[str, Payload]]:
    for event in events:
        if event.HasField("workflow_execution_started_event_attributes"):
            yield event.workflow_execution_started_event_attributes.memo.fields
        elif event.HasField("workflow_properties_modified_event_attributes"):
            yield event.workflow_properties_modified_event_attributes.upserted_memo.fields


def _search_attributes(events: Iterable[HistoryEvent]) -> Iterable[Mapping[str, Payload]]:
    for event in events:
        if event.HasField("workflow_execution_started_event_attributes"):
            yield event.workflow_execution_started_event_attributes.search_attributes.indexed_fields
        elif event.HasField("upsert_workflow_search_attributes_event_attributes"):
            yield event.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields


def _fill(field: Any, given: Iterable[Mapping[str, Payload]]) -> None:
    for changed in given:
        for name, value in changed.items():
            if value.metadata.get("encoding") == NOTHING:
                field.pop(name, None)
            else:
                field[name].CopyFrom(value)


def _pending(activity: Activity) -> PendingActivityInfo:
    state = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
    if activity.started_at is not None:
        state = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
    return PendingActivityInfo(
        activity_id=activity.scheduled.activity_id,
        activity_type=activity.scheduled.activity_type,
        state=state,
        attempt=activity.attempt,
        last_failure=activity.last_failure,
    )
