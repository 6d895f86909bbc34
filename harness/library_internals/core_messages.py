"""The messages between the SDK's core, written in Rust, and its Python part, as far as the simulation speaks them.

`temporalio.bridge.proto`, read there and in the `.proto` files of the SDK's core: activations of workflows and what
these ask for in return, tasks of activities and what became of them. The SDK has no public form of them.
"""

from __future__ import annotations

from temporalio.bridge.proto.activity_result import (
    ActivityResolution,
)
from temporalio.bridge.proto.activity_task import (
    ActivityCancelReason,
    ActivityTask,
    Start,
)
from temporalio.bridge.proto.child_workflow import (
    ChildWorkflowCancellationType,
    ChildWorkflowResult,
    StartChildWorkflowExecutionFailedCause,
)
from temporalio.bridge.proto.workflow_activation import (
    CancelWorkflow,
    DoUpdate,
    FireTimer,
    InitializeWorkflow,
    NotifyHasPatch,
    QueryWorkflow,
    RemoveFromCache,
    ResolveActivity,
    ResolveChildWorkflowExecution,
    ResolveChildWorkflowExecutionStart,
    ResolveRequestCancelExternalWorkflow,
    ResolveSignalExternalWorkflow,
    SignalWorkflow,
    WorkflowActivation,
    WorkflowActivationJob,
)
from temporalio.bridge.proto.workflow_commands import (
    ActivityCancellationType,
    RequestCancelExternalWorkflowExecution,
    ScheduleActivity,
    ScheduleLocalActivity,
    SignalExternalWorkflowExecution,
    StartChildWorkflowExecution,
    StartTimer,
    UpdateResponse,
    WorkflowCommand,
)
from temporalio.bridge.proto.workflow_completion import (
    Success,
)

__all__ = [
    "ActivityCancelReason",
    "ActivityCancellationType",
    "ActivityResolution",
    "ActivityTask",
    "CancelWorkflow",
    "ChildWorkflowCancellationType",
    "ChildWorkflowResult",
    "DoUpdate",
    "FireTimer",
    "InitializeWorkflow",
    "NotifyHasPatch",
    "QueryWorkflow",
    "RemoveFromCache",
    "RequestCancelExternalWorkflowExecution",
    "ResolveActivity",
    "ResolveChildWorkflowExecution",
    "ResolveChildWorkflowExecutionStart",
    "ResolveRequestCancelExternalWorkflow",
    "ResolveSignalExternalWorkflow",
    "ScheduleActivity",
    "ScheduleLocalActivity",
    "SignalExternalWorkflowExecution",
    "SignalWorkflow",
    "Start",
    "StartChildWorkflowExecution",
    "StartChildWorkflowExecutionFailedCause",
    "StartTimer",
    "Success",
    "UpdateResponse",
    "WorkflowActivation",
    "WorkflowActivationJob",
    "WorkflowCommand",
]
