"""The messages between the SDK's core, written in Rust, and its Python part: `temporalio.bridge.proto`.

A workflow instance receives a `WorkflowActivation`, a list of jobs, and returns a `WorkflowActivationCompletion`, a
list of `WorkflowCommand`. The harness counts jobs, compares commands with recorded events, and changes commands before
the core receives them. The SDK has no public form of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import ActivityCancellationType, WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion

__all__ = [
    "ActivityCancellationType",
    "WorkflowActivation",
    "WorkflowActivationCompletion",
    "WorkflowCommand",
    "cancellation_details",
    "search_attributes",
]


def search_attributes(command: Any) -> Mapping[str, Any]:
    """Return the search attributes of a command as payloads by name; temporalio < 1.24 has no message around them."""
    attributes = command.search_attributes
    fields: Mapping[str, Any] = getattr(attributes, "indexed_fields", attributes)
    return fields


def cancellation_details(command: Any) -> Sequence[Any]:
    """Return the payloads with which a workflow says that it is cancelled; temporalio < 1.33 has none."""
    payloads: Sequence[Any] = command.details.payloads if "details" in command.DESCRIPTOR.fields_by_name else ()
    return payloads
