"""The kinds of events in a history, as a worker reads them: those of commands, and those that refer to one."""

from __future__ import annotations

from temporalio.api.command.v1 import Command
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

RECORDED_AS = {
    "schedule_activity_task": "activity_task_scheduled",
    "request_cancel_activity_task": "activity_task_cancel_requested",
    "start_timer": "timer_started",
    "cancel_timer": "timer_canceled",
    "record_marker": "marker_recorded",
    "start_child_workflow_execution": "start_child_workflow_execution_initiated",
    "signal_external_workflow_execution": "signal_external_workflow_execution_initiated",
    "request_cancel_external_workflow_execution": "request_cancel_external_workflow_execution_initiated",
    "upsert_workflow_search_attributes": "upsert_workflow_search_attributes",
    "modify_workflow_properties": "workflow_properties_modified",
    "complete_workflow_execution": "workflow_execution_completed",
    "fail_workflow_execution": "workflow_execution_failed",
    "cancel_workflow_execution": "workflow_execution_canceled",
    "continue_as_new_workflow_execution": "workflow_execution_continued_as_new",
}
"""The event that the server writes for each command."""

UPDATES = ("workflow_execution_update_accepted", "workflow_execution_update_completed")
"""The events that it writes for the answers to an update."""

COMMANDS = frozenset(EventType.Value(f"EVENT_TYPE_{one.upper()}") for one in (*RECORDED_AS.values(), *UPDATES))

ABOUT = {
    EventType.Value(f"EVENT_TYPE_{name}"): field
    for field, names in {
        "scheduled_event_id": (
            f"ACTIVITY_TASK_{one}" for one in ("STARTED", "COMPLETED", "FAILED", "TIMED_OUT", "CANCELED")
        ),
        "started_event_id": ("TIMER_FIRED",),
        "initiated_event_id": (
            "EXTERNAL_WORKFLOW_EXECUTION_SIGNALED",
            "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED",
            "EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED",
            "REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED",
            "START_CHILD_WORKFLOW_EXECUTION_FAILED",
            *(
                f"CHILD_WORKFLOW_EXECUTION_{one}"
                for one in ("STARTED", "COMPLETED", "FAILED", "CANCELED", "TIMED_OUT", "TERMINATED")
            ),
        ),
    }.items()
    for name in names
}
"""The events that refer to that of a command, with the field that says to which."""

CLOSES = frozenset(
    EventType.Value(f"EVENT_TYPE_WORKFLOW_EXECUTION_{one}")
    for one in ("COMPLETED", "FAILED", "TIMED_OUT", "TERMINATED", "CANCELED", "CONTINUED_AS_NEW")
)
"""The events that close a workflow."""


def records(event: HistoryEvent, asked: Command) -> bool:
    """Whether an event is what the server writes for a command."""
    name = str(asked.WhichOneof("attributes")).removesuffix("_command_attributes")
    written = str(event.WhichOneof("attributes")).removesuffix("_event_attributes")
    return written in UPDATES if name == "protocol_message" else RECORDED_AS.get(name) == written
