"""Commands and the events that record them, in one comparable form: kind, key, name and fields."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from temporalio.api.enums.v1 import EventType, ParentClosePolicy, WorkflowIdReusePolicy
from temporalio.api.history.v1 import HistoryEvent, WorkflowExecutionStartedEventAttributes

from harness.files.naming import camel_case
from harness.library_internals.workflow_messages import WorkflowCommand, cancellation_details, search_attributes
from harness.replay.events.values import duration, failure, metadata, plain, plain_all, plain_map, retry

_BY_CORE = re.compile(r"^Cancel requested by workflow with run id \S+ with reason: ")
"""What the SDK's core writes before a workflow's own reason for the cancellation of another."""

CHANGE_VERSION = "TemporalChangeVersion"
"""The search attribute that the SDK's core sets by itself after a patch marker."""


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A command, or the event that records one.

    Attributes:
        kind: The event's type, such as "ActivityTaskScheduled".
        key: What pairs a command with its event, "" where only their order does.
        name: What it is about: an activity's type, a signal's name.
        fields: Everything else. Durations are in nanoseconds.
    """

    kind: str
    key: str
    name: str
    fields: Mapping[str, Any]

    def __str__(self) -> str:
        named = f" {self.name}" if self.name else ""
        return f"{self.kind}{named}{f' ({self.key})' if self.key and self.key != self.name else ''}"


def event_type(event: HistoryEvent) -> str:
    """Return "ActivityTaskScheduled" for an event of that type."""
    if event.event_type not in EventType.values():
        return f"type {event.event_type}"
    return camel_case(EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower())


def started(events: Sequence[HistoryEvent]) -> WorkflowExecutionStartedEventAttributes:
    """Return how the run of a history was started."""
    return events[0].workflow_execution_started_event_attributes


# --- recorded ---------------------------------------------------------------------------------------------------------


def of_event(event: HistoryEvent) -> Outline | None:
    """Return the outline of an event that records a command, None for every other."""
    kind = event.WhichOneof("attributes")
    reader = _EVENTS.get(kind or "")
    if reader is None:
        return None
    read = reader(getattr(event, kind or ""))
    if read is None:
        return None
    key, name, fields = read
    if event.HasField("user_metadata"):
        fields = {**fields, **metadata(event.user_metadata)}
    return Outline(kind=event_type(event), key=key, name=name, fields=fields)


def task_of(event: HistoryEvent) -> int:
    """Return the id of the completed workflow task whose command an event records, 0 if it has none."""
    attributes = getattr(event, event.WhichOneof("attributes") or "", None)
    return int(getattr(attributes, "workflow_task_completed_event_id", 0))


Read = tuple[str, str, dict[str, Any]] | None


def _activity(a: Any) -> Read:
    fields = {
        "input": plain_all(a.input.payloads),
        "task_queue": a.task_queue.name,
        "schedule_to_close_timeout": duration(a.schedule_to_close_timeout),
        "schedule_to_start_timeout": duration(a.schedule_to_start_timeout),
        "start_to_close_timeout": duration(a.start_to_close_timeout),
        "heartbeat_timeout": duration(a.heartbeat_timeout),
        "retry_policy": retry(a.retry_policy),
        "priority": _priority(a),
    }
    return a.activity_id, a.activity_type.name, fields


def _child(a: Any) -> Read:
    fields = {
        "input": plain_all(a.input.payloads),
        "namespace": a.namespace,
        "task_queue": a.task_queue.name,
        "workflow_execution_timeout": duration(a.workflow_execution_timeout),
        "workflow_run_timeout": duration(a.workflow_run_timeout),
        "workflow_task_timeout": duration(a.workflow_task_timeout),
        **_policies(a.parent_close_policy, a.workflow_id_reuse_policy),
        "retry_policy": retry(a.retry_policy) if a.HasField("retry_policy") else None,
        "cron_schedule": a.cron_schedule,
        "memo": plain_map(a.memo.fields),
        "search_attributes": plain_map(a.search_attributes.indexed_fields),
        "priority": _priority(a),
    }
    return a.workflow_id, a.workflow_type.name, fields


def _policies(at_close: int, on_reuse: int) -> dict[str, str]:
    """A child's policies by name, with the server's defaults (CHD-004).

    The protocol and the bridge have the same numbers with different names.
    """
    close = at_close or ParentClosePolicy.PARENT_CLOSE_POLICY_TERMINATE
    reuse = on_reuse or WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
    return {
        "parent_close_policy": ParentClosePolicy.Name(close),  # type: ignore[arg-type]  # a plain number
        "workflow_id_reuse_policy": WorkflowIdReusePolicy.Name(reuse),  # type: ignore[arg-type]  # the same
    }


def _marker(a: Any) -> Read:
    if a.marker_name == "core_patch":
        data = json.loads(a.details["patch-data"].payloads[0].data)
        # The code of a deprecated patch may be gone.
        return f"patch {data['id']}", data["id"], {"deprecated": True} if data.get("deprecated") else {}
    if a.marker_name == "core_local_activity":
        data = json.loads(a.details["data"].payloads[0].data)
        return f"local activity {data['seq']}", data["activity_type"], {"activity_id": data["activity_id"]}
    # Another SDK's, such as Go's "Version" or "SideEffect".
    return "", a.marker_name, {}


def _continued(a: Any) -> Read:
    fields = {
        "input": plain_all(a.input.payloads),
        "task_queue": a.task_queue.name,
        "workflow_run_timeout": duration(a.workflow_run_timeout),
        "workflow_task_timeout": duration(a.workflow_task_timeout),
        "memo": plain_map(a.memo.fields),
        "search_attributes": plain_map(a.search_attributes.indexed_fields),
    }
    return "", a.workflow_type.name, fields


def _signalled(a: Any) -> Read:
    return "", a.signal_name, {"workflow_id": a.workflow_execution.workflow_id, "input": plain_all(a.input.payloads)}


def _attributes(a: Any) -> Read:
    fields = plain_map(a.search_attributes.indexed_fields)
    return None if set(fields) == {CHANGE_VERSION} else ("", "", fields)


def _answered(a: Any) -> Read:
    failed = a.outcome.HasField("failure")
    outcome = {"failure": failure(a.outcome.failure)} if failed else {"result": _first(a.outcome.success.payloads)}
    return a.meta.update_id, "", outcome


def _nexus(a: Any) -> Read:
    fields = {
        "endpoint": a.endpoint,
        "service": a.service,
        "input": plain(a.input),
        "schedule_to_close_timeout": duration(a.schedule_to_close_timeout),
        "nexus_header": dict(a.nexus_header),
    }
    return "", a.operation, fields


def _priority(a: Any) -> dict[str, Any]:
    said = a.priority
    return {"priority_key": said.priority_key, "fairness_key": said.fairness_key, "weight": said.fairness_weight}


def _first(payloads: Any) -> Any:
    values = plain_all(payloads)
    return values[0] if values else None


_EVENTS: dict[str, Callable[[Any], Read]] = {
    "activity_task_scheduled_event_attributes": _activity,
    "timer_started_event_attributes": lambda a: (
        a.timer_id,
        "",
        {"start_to_fire_timeout": duration(a.start_to_fire_timeout)},
    ),
    "start_child_workflow_execution_initiated_event_attributes": _child,
    "marker_recorded_event_attributes": _marker,
    "workflow_execution_completed_event_attributes": lambda a: ("", "", {"result": _first(a.result.payloads)}),
    "workflow_execution_failed_event_attributes": lambda a: ("", "", {"failure": failure(a.failure)}),
    "workflow_execution_canceled_event_attributes": lambda a: ("", "", {"details": plain_all(a.details.payloads)}),
    "workflow_execution_continued_as_new_event_attributes": _continued,
    "signal_external_workflow_execution_initiated_event_attributes": _signalled,
    "request_cancel_external_workflow_execution_initiated_event_attributes": lambda a: (
        "",
        a.workflow_execution.workflow_id,
        {"reason": _BY_CORE.sub("", a.reason)},
    ),
    "upsert_workflow_search_attributes_event_attributes": _attributes,
    "workflow_properties_modified_event_attributes": lambda a: ("", "", plain_map(a.upserted_memo.fields)),
    "workflow_execution_update_completed_event_attributes": _answered,
    "nexus_operation_scheduled_event_attributes": _nexus,
    "activity_task_cancel_requested_event_attributes": lambda _: ("", "", {}),
    "timer_canceled_event_attributes": lambda a: (a.timer_id, "", {}),
    "nexus_operation_cancel_requested_event_attributes": lambda _: ("", "", {}),
}


# --- issued -----------------------------------------------------------------------------------------------------------


def of_command(command: WorkflowCommand) -> Outline | None:
    """Return the outline of the event that would record a command; None where none would."""
    variant = command.WhichOneof("variant") or ""
    reader = _COMMANDS.get(variant)
    read = None if reader is None else reader(getattr(command, variant))
    if read is None:
        return None
    kind, key, name, fields = read
    if command.HasField("user_metadata"):
        fields = {**fields, **metadata(command.user_metadata)}
    return Outline(kind=kind, key=key, name=name, fields=fields)


Asked = tuple[str, str, str, dict[str, Any]] | None


def _schedule(c: Any) -> Asked:
    fields = {
        "input": plain_all(c.arguments),
        "task_queue": c.task_queue,
        "schedule_to_close_timeout": duration(c.schedule_to_close_timeout),
        "schedule_to_start_timeout": duration(c.schedule_to_start_timeout),
        "start_to_close_timeout": duration(c.start_to_close_timeout),
        "heartbeat_timeout": duration(c.heartbeat_timeout),
        "retry_policy": retry(c.retry_policy),
        "priority": _priority(c),
    }
    return "ActivityTaskScheduled", c.activity_id, c.activity_type, fields


def _start_child(c: Any) -> Asked:
    fields = {
        "input": plain_all(c.input),
        "namespace": c.namespace,
        "task_queue": c.task_queue,
        "workflow_execution_timeout": duration(c.workflow_execution_timeout),
        "workflow_run_timeout": duration(c.workflow_run_timeout),
        "workflow_task_timeout": duration(c.workflow_task_timeout),
        **_policies(c.parent_close_policy, c.workflow_id_reuse_policy),
        "retry_policy": retry(c.retry_policy) if c.HasField("retry_policy") else None,
        "cron_schedule": c.cron_schedule,
        "memo": plain_map(c.memo),
        "search_attributes": plain_map(search_attributes(c)),
        "priority": _priority(c),
    }
    return "StartChildWorkflowExecutionInitiated", c.workflow_id, c.workflow_type, fields


def _continue(c: Any) -> Asked:
    fields = {
        "input": plain_all(c.arguments),
        "task_queue": c.task_queue,
        "workflow_run_timeout": duration(c.workflow_run_timeout),
        "workflow_task_timeout": duration(c.workflow_task_timeout),
        "memo": plain_map(c.memo),
        "search_attributes": plain_map(search_attributes(c)),
    }
    return "WorkflowExecutionContinuedAsNew", "", c.workflow_type, fields


def _signal(c: Any) -> Asked:
    target = c.child_workflow_id or c.workflow_execution.workflow_id
    fields = {"workflow_id": target, "input": plain_all(c.args)}
    return "SignalExternalWorkflowExecutionInitiated", "", c.signal_name, fields


def _upsert(c: Any) -> Asked:
    return "UpsertWorkflowSearchAttributes", "", "", plain_map(search_attributes(c))


def _respond(c: Any) -> Asked:
    outcome = c.WhichOneof("response")
    if outcome == "accepted":
        return None
    said = {"failure": failure(c.rejected)} if outcome == "rejected" else {"result": plain(c.completed)}
    return "WorkflowExecutionUpdateCompleted", c.protocol_instance_id, "", said


def _operate(c: Any) -> Asked:
    fields = {
        "endpoint": c.endpoint,
        "service": c.service,
        "input": plain(c.input),
        "schedule_to_close_timeout": duration(c.schedule_to_close_timeout),
        "nexus_header": dict(c.nexus_header),
    }
    return "NexusOperationScheduled", "", c.operation, fields


def _complete(c: Any) -> Asked:
    return "WorkflowExecutionCompleted", "", "", {"result": plain(c.result) if c.HasField("result") else None}


_COMMANDS: dict[str, Callable[[Any], Asked]] = {
    "schedule_activity": _schedule,
    "schedule_local_activity": lambda c: (
        "MarkerRecorded",
        f"local activity {c.seq}",
        c.activity_type,
        {"activity_id": c.activity_id},
    ),
    "start_timer": lambda c: (
        "TimerStarted",
        str(c.seq),
        "",
        {"start_to_fire_timeout": duration(c.start_to_fire_timeout)},
    ),
    "start_child_workflow_execution": _start_child,
    "set_patch_marker": lambda c: ("MarkerRecorded", f"patch {c.patch_id}", c.patch_id, {}),
    "complete_workflow_execution": _complete,
    "fail_workflow_execution": lambda c: ("WorkflowExecutionFailed", "", "", {"failure": failure(c.failure)}),
    "cancel_workflow_execution": lambda c: (
        "WorkflowExecutionCanceled",
        "",
        "",
        {"details": plain_all(cancellation_details(c))},
    ),
    "continue_as_new_workflow_execution": _continue,
    "signal_external_workflow_execution": _signal,
    "request_cancel_external_workflow_execution": lambda c: (
        "RequestCancelExternalWorkflowExecutionInitiated",
        "",
        c.workflow_execution.workflow_id,
        {"reason": c.reason},
    ),
    "upsert_workflow_search_attributes": _upsert,
    "modify_workflow_properties": lambda c: (
        "WorkflowPropertiesModified",
        "",
        "",
        plain_map(c.upserted_memo.fields),
    ),
    "update_response": _respond,
    "schedule_nexus_operation": _operate,
    "cancel_timer": lambda c: ("TimerCanceled", str(c.seq), "", {}),
    "request_cancel_activity": lambda _: ("ActivityTaskCancelRequested", "", "", {}),
    "cancel_child_workflow_execution": lambda c: (
        "RequestCancelExternalWorkflowExecutionInitiated",
        "",
        "",
        {"reason": c.reason},
    ),
    "request_cancel_nexus_operation": lambda _: ("NexusOperationCancelRequested", "", "", {}),
}
