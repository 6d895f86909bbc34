"""The messages between the SDK's core, written in Rust, and its Python part: `temporalio.bridge.proto`.

A workflow instance receives a `WorkflowActivation`, a list of jobs, and returns a `WorkflowActivationCompletion`, a
list of `WorkflowCommand`. The harness counts jobs, compares commands with recorded events, and changes commands before
the core receives them. The SDK has no public form of them.
"""

from __future__ import annotations

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import ActivityCancellationType, WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion

__all__ = ["ActivityCancellationType", "WorkflowActivation", "WorkflowActivationCompletion", "WorkflowCommand"]
