"""Histories made by hand, and the commands that would have made them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from harness.application_side.recorder import Issued, Site
from harness.library_internals.workflow_messages import WorkflowCommand

HERE = Site(file="shop.py", line=7, function="Shop.run")


def payload(value: Any) -> Payload:
    """A value as JSON."""
    return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(value).encode())


def event(kind: str, **attributes: Any) -> HistoryEvent:
    """An event without a number, such as `event("TIMER_STARTED", timer_id="1")`."""
    made = HistoryEvent(event_type=EventType.Value(f"EVENT_TYPE_{kind}"))
    said = getattr(made, f"{kind.lower()}_event_attributes")
    said.SetInParent()
    for name, value in attributes.items():
        field = getattr(said, name)
        if hasattr(field, "MergeFrom") and not isinstance(value, list):
            field.MergeFrom(value)
        elif isinstance(value, list):
            field.extend(value)
        else:
            setattr(said, name, value)
    return made


def history(*commands: HistoryEvent, tail: Sequence[HistoryEvent] = ()) -> list[HistoryEvent]:
    """A history whose one workflow task, begun by event 3, made these command events, and what came after."""
    events = [
        event("WORKFLOW_EXECUTION_STARTED", workflow_id="shop-1", original_execution_run_id="run-1"),
        event("WORKFLOW_TASK_SCHEDULED"),
        event("WORKFLOW_TASK_STARTED", scheduled_event_id=2),
        event("WORKFLOW_TASK_COMPLETED", scheduled_event_id=2, started_event_id=3),
        *commands,
        *tail,
    ]
    events[0].workflow_execution_started_event_attributes.workflow_type.name = "Shop"
    events[0].workflow_execution_started_event_attributes.task_queue.name = "queue"
    for number, one in enumerate(events, start=1):
        one.event_id = number
        one.event_time.seconds = 1_800_000_000 + number
    for one in commands:
        said = getattr(one, one.WhichOneof("attributes") or "")
        if "workflow_task_completed_event_id" in said.DESCRIPTOR.fields_by_name:
            said.workflow_task_completed_event_id = 4
    return events


def activity(number: str = "1", kind: str = "charge", given: Any = 5, *, seconds: int = 10) -> HistoryEvent:
    """An activity that was scheduled, as the server records it."""
    made = event("ACTIVITY_TASK_SCHEDULED", activity_id=number)
    said = made.activity_task_scheduled_event_attributes
    said.activity_type.name = kind
    said.task_queue.name = "queue"
    said.input.payloads.append(payload(given))
    said.start_to_close_timeout.seconds = seconds
    said.retry_policy.initial_interval.seconds = 1
    said.retry_policy.backoff_coefficient = 2.0
    said.retry_policy.maximum_interval.seconds = 100
    return made


def asks(number: str = "1", kind: str = "charge", given: Any = 5, *, seconds: int = 10) -> WorkflowCommand:
    """The command for it."""
    made = WorkflowCommand()
    said = made.schedule_activity
    said.seq = int(number)
    said.activity_id = number
    said.activity_type = kind
    said.task_queue = "queue"
    said.arguments.append(payload(given))
    said.start_to_close_timeout.seconds = seconds
    return made


def command(variant: str, **fields: Any) -> WorkflowCommand:
    """Any other command."""
    made = WorkflowCommand()
    said = getattr(made, variant)
    said.SetInParent()
    for name, value in fields.items():
        field = getattr(said, name)
        field.MergeFrom(value) if hasattr(field, "MergeFrom") else setattr(said, name, value)
    return made


def issued(*commands: WorkflowCommand, task: int = 3) -> list[Issued]:
    """These commands, all in one workflow task."""
    return [Issued(task=task, command=one, site=HERE) for one in commands]
