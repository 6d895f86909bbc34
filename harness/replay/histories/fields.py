"""Every field of every event of a history that can hold text or bytes, and what scrubbing does with it.

Numbers, enumerations, times and durations are no text, and are kept. What holds other messages is decided by their own
rows. `undecided` finds what a newer version of Temporal's API has and this table has not; until it is decided, such a
field is treated as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from temporalio.api.history.v1 import HistoryEvent

PACKAGE = "temporal.api."


class Decision(Enum):
    """What is done with a field."""

    KEPT = "kept"
    """A replay compares it, workflow code can read it, or it refers to something else in the history: types, names and
    ids."""
    REMOVED = "removed"
    """No replay reads it, and it tells of machines, people and addresses: worker identities, stack traces, links."""
    TEXT = "text"
    """Words: messages of failures, reasons."""
    VALUE = "value"
    """Payloads, by themselves or by name."""
    HEADERS = "headers"
    """Text by name."""


def _decided(
    *, kept: str = "", removed: str = "", text: str = "", value: str = "", headers: str = ""
) -> Mapping[str, Decision]:
    given = {
        Decision.KEPT: kept,
        Decision.REMOVED: removed,
        Decision.TEXT: text,
        Decision.VALUE: value,
        Decision.HEADERS: headers,
    }
    return {name: decision for decision, names in given.items() for name in names.split()}


FIELDS: Mapping[str, Mapping[str, Decision]] = {
    "common.v1.ActivityType": _decided(kept="name"),
    "common.v1.Callback.Internal": _decided(removed="data"),
    "common.v1.Callback.Nexus": _decided(removed="url header"),
    "common.v1.Callback.NexusHandler": _decided(kept="task_queue_name service operation", value="source_context"),
    "common.v1.Execution": _decided(removed="business_id run_id"),
    "common.v1.FastForwardConfig": _decided(kept="id"),
    "common.v1.Header": _decided(value="fields"),
    "common.v1.Link.Activity": _decided(removed="namespace activity_id run_id"),
    "common.v1.Link.BatchJob": _decided(removed="job_id"),
    "common.v1.Link.Callback": _decided(removed="namespace component_path request_id"),
    "common.v1.Link.NexusOperation": _decided(removed="namespace run_id", text="operation_id"),
    "common.v1.Link.Workflow": _decided(removed="namespace workflow_id run_id", text="reason"),
    "common.v1.Link.WorkflowEvent": _decided(removed="namespace workflow_id run_id"),
    "common.v1.Link.WorkflowEvent.RequestIdReference": _decided(removed="request_id"),
    "common.v1.Memo": _decided(value="fields"),
    "common.v1.Payload": _decided(value="metadata data"),
    "common.v1.Payloads": _decided(value="payloads"),
    "common.v1.Principal": _decided(removed="type name"),
    "common.v1.Priority": _decided(text="fairness_key"),
    "common.v1.RetryPolicy": _decided(kept="non_retryable_error_types"),
    "common.v1.SearchAttributes": _decided(value="indexed_fields"),
    "common.v1.WorkerVersionStamp": _decided(kept="build_id"),
    "common.v1.WorkflowExecution": _decided(kept="workflow_id run_id"),
    "common.v1.WorkflowType": _decided(kept="name"),
    "deployment.v1.Deployment": _decided(kept="series_name build_id"),
    "deployment.v1.WorkerDeploymentVersion": _decided(kept="build_id deployment_name"),
    "failure.v1.ActivityFailureInfo": _decided(kept="activity_id", removed="identity"),
    "failure.v1.ApplicationFailureInfo": _decided(kept="type", value="details"),
    "failure.v1.CanceledFailureInfo": _decided(removed="identity", value="details"),
    "failure.v1.ChildWorkflowExecutionFailureInfo": _decided(kept="namespace"),
    "failure.v1.Failure": _decided(kept="source", removed="stack_trace", text="message", value="encoded_attributes"),
    "failure.v1.NexusHandlerFailureInfo": _decided(kept="type"),
    "failure.v1.NexusOperationFailureInfo": _decided(
        kept="endpoint service operation", text="operation_id operation_token"
    ),
    "failure.v1.ResetWorkflowFailureInfo": _decided(value="last_heartbeat_details"),
    "failure.v1.TerminatedFailureInfo": _decided(removed="identity"),
    "failure.v1.TimeoutFailureInfo": _decided(value="last_heartbeat_details"),
    "history.v1.ActivityTaskCanceledEventAttributes": _decided(removed="identity", value="details"),
    "history.v1.ActivityTaskCompletedEventAttributes": _decided(removed="identity", value="result"),
    "history.v1.ActivityTaskFailedEventAttributes": _decided(removed="identity"),
    "history.v1.ActivityTaskScheduledEventAttributes": _decided(kept="activity_id", value="input"),
    "history.v1.ActivityTaskStartedEventAttributes": _decided(removed="identity request_id"),
    "history.v1.ChildWorkflowExecutionCanceledEventAttributes": _decided(
        kept="namespace namespace_id", value="details"
    ),
    "history.v1.ChildWorkflowExecutionCompletedEventAttributes": _decided(
        kept="namespace namespace_id", value="result"
    ),
    "history.v1.ChildWorkflowExecutionFailedEventAttributes": _decided(kept="namespace namespace_id"),
    "history.v1.ChildWorkflowExecutionStartedEventAttributes": _decided(kept="namespace namespace_id"),
    "history.v1.ChildWorkflowExecutionTerminatedEventAttributes": _decided(kept="namespace namespace_id"),
    "history.v1.ChildWorkflowExecutionTimedOutEventAttributes": _decided(kept="namespace namespace_id"),
    "history.v1.ExternalWorkflowExecutionCancelRequestedEventAttributes": _decided(kept="namespace namespace_id"),
    "history.v1.ExternalWorkflowExecutionSignaledEventAttributes": _decided(
        kept="namespace namespace_id", removed="control"
    ),
    "history.v1.MarkerRecordedEventAttributes": _decided(kept="marker_name", value="details"),
    "history.v1.NexusOperationCanceledEventAttributes": _decided(removed="request_id"),
    "history.v1.NexusOperationCompletedEventAttributes": _decided(removed="request_id", value="result"),
    "history.v1.NexusOperationFailedEventAttributes": _decided(removed="request_id"),
    "history.v1.NexusOperationScheduledEventAttributes": _decided(
        kept="endpoint service operation endpoint_id", removed="request_id", value="input", headers="nexus_header"
    ),
    "history.v1.NexusOperationStartedEventAttributes": _decided(
        removed="request_id", text="operation_id operation_token"
    ),
    "history.v1.NexusOperationTimedOutEventAttributes": _decided(removed="request_id"),
    "history.v1.RequestCancelExternalWorkflowExecutionFailedEventAttributes": _decided(
        kept="namespace namespace_id", removed="control"
    ),
    "history.v1.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes": _decided(
        kept="namespace namespace_id", removed="control", text="reason"
    ),
    "history.v1.SignalExternalWorkflowExecutionFailedEventAttributes": _decided(
        kept="namespace namespace_id", removed="control"
    ),
    "history.v1.SignalExternalWorkflowExecutionInitiatedEventAttributes": _decided(
        kept="namespace namespace_id signal_name", removed="control", value="input"
    ),
    "history.v1.StartChildWorkflowExecutionFailedEventAttributes": _decided(
        kept="namespace namespace_id workflow_id", removed="control"
    ),
    "history.v1.StartChildWorkflowExecutionInitiatedEventAttributes": _decided(
        kept="namespace namespace_id workflow_id cron_schedule", removed="control", value="input"
    ),
    "history.v1.TimerCanceledEventAttributes": _decided(kept="timer_id", removed="identity"),
    "history.v1.TimerFiredEventAttributes": _decided(kept="timer_id"),
    "history.v1.TimerStartedEventAttributes": _decided(kept="timer_id"),
    "history.v1.WorkflowExecutionCancelRequestedEventAttributes": _decided(removed="identity", text="cause"),
    "history.v1.WorkflowExecutionCanceledEventAttributes": _decided(value="details"),
    "history.v1.WorkflowExecutionCompletedEventAttributes": _decided(kept="new_execution_run_id", value="result"),
    "history.v1.WorkflowExecutionContinuedAsNewEventAttributes": _decided(
        kept="new_execution_run_id", value="input last_completion_result"
    ),
    "history.v1.WorkflowExecutionFailedEventAttributes": _decided(kept="new_execution_run_id"),
    "history.v1.WorkflowExecutionOptionsUpdatedEventAttributes": _decided(removed="attached_request_id identity"),
    "history.v1.WorkflowExecutionOptionsUpdatedEventAttributes.WorkflowUpdateOptionsUpdate": _decided(
        kept="update_id", removed="attached_request_id"
    ),
    "history.v1.WorkflowExecutionPausedEventAttributes": _decided(removed="identity request_id", text="reason"),
    "history.v1.WorkflowExecutionSignaledEventAttributes": _decided(
        kept="signal_name", removed="identity request_id", value="input"
    ),
    "history.v1.WorkflowExecutionStartedEventAttributes": _decided(
        kept="parent_workflow_namespace parent_workflow_namespace_id continued_execution_run_id "
        "original_execution_run_id first_execution_run_id cron_schedule workflow_id inherited_build_id "
        "parent_pinned_worker_deployment_version",
        removed="identity",
        value="input last_completion_result",
    ),
    "history.v1.WorkflowExecutionTerminatedEventAttributes": _decided(
        removed="identity", text="reason", value="details"
    ),
    "history.v1.WorkflowExecutionTimedOutEventAttributes": _decided(kept="new_execution_run_id"),
    "history.v1.WorkflowExecutionUnpausedEventAttributes": _decided(removed="identity request_id", text="reason"),
    "history.v1.WorkflowExecutionUpdateAcceptedEventAttributes": _decided(
        kept="protocol_instance_id accepted_request_message_id"
    ),
    "history.v1.WorkflowExecutionUpdateRejectedEventAttributes": _decided(
        kept="protocol_instance_id rejected_request_message_id"
    ),
    "history.v1.WorkflowPropertiesModifiedExternallyEventAttributes": _decided(kept="new_task_queue"),
    "history.v1.WorkflowTaskCompletedEventAttributes": _decided(
        kept="binary_checksum worker_deployment_version worker_deployment_name", removed="identity"
    ),
    "history.v1.WorkflowTaskFailedEventAttributes": _decided(
        kept="base_run_id new_run_id binary_checksum", removed="identity"
    ),
    "history.v1.WorkflowTaskStartedEventAttributes": _decided(removed="identity request_id"),
    "nexus.v1.PropagatedSerializationContext": _decided(kept="endpoint service operation"),
    "sdk.v1.EventGroupMarker.InboundUpdate": _decided(kept="inbound_update_id"),
    "sdk.v1.EventGroupMarker.Label": _decided(text="id", value="label"),
    "sdk.v1.UserMetadata": _decided(value="summary details"),
    "sdk.v1.WorkflowTaskCompletedMetadata": _decided(kept="sdk_name sdk_version"),
    "taskqueue.v1.TaskQueue": _decided(kept="name normal_name"),
    "update.v1.Input": _decided(kept="name", value="args"),
    "update.v1.Meta": _decided(kept="update_id", removed="identity"),
    "update.v1.Outcome": _decided(value="success"),
    "update.v1.Request": _decided(removed="request_id"),
    "workflow.v1.ResetPointInfo": _decided(kept="build_id binary_checksum run_id"),
    "workflow.v1.VersioningOverride": _decided(kept="pinned_version"),
}


def decision(field: FieldDescriptor) -> Decision:
    """Return what is done with a field that can hold text."""
    row = FIELDS.get(str(getattr(field.containing_type, "full_name", "")).removeprefix(PACKAGE), {})
    return row.get(field.name, Decision.TEXT)


def holds_text(field: FieldDescriptor) -> bool:
    """Whether a field itself can hold text or bytes: it is one, a payload, or a map."""
    kind = field.message_type
    if kind is None:
        return field.cpp_type == FieldDescriptor.CPPTYPE_STRING
    return bool(kind.GetOptions().map_entry) or kind.full_name.removeprefix(PACKAGE) in {
        "common.v1.Payload",
        "common.v1.Payloads",
    }


def undecided() -> Iterator[str]:
    """Yield the fields that the installed API has and the table has not."""
    for kind in _messages(HistoryEvent.DESCRIPTOR, {}).values():
        name = kind.full_name.removeprefix(PACKAGE)
        for field in kind.fields:
            if holds_text(field) and field.name not in FIELDS.get(name, {}):
                yield f"{name}.{field.name}"


def _messages(kind: Descriptor, seen: dict[str, Descriptor]) -> dict[str, Descriptor]:
    if kind.full_name in seen or not kind.full_name.startswith(PACKAGE):
        return seen
    seen[kind.full_name] = kind
    for field in kind.fields:
        below = field.message_type
        if below is not None and below.GetOptions().map_entry:
            below = below.fields_by_name["value"].message_type
        if below is not None:
            _messages(below, seen)
    return seen
