"""What `@workflow.defn` leaves on a class: `__temporal_workflow_definition`.

Read in `temporalio/workflow/_definition.py`. The SDK has no public way to ask whether a class is a workflow, what its
type is called and which method runs it.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeGuard, cast

_ATTRIBUTE = "__temporal_workflow_definition"


class WorkflowDefinition(Protocol):
    """The part of the SDK's definition that the harness reads.

    Attributes:
        name: The workflow's type; None for a dynamic workflow, which accepts every type.
        run_fn: The method decorated with `@workflow.run`.
    """

    @property
    def name(self) -> str | None:
        """The workflow's type."""

    @property
    def run_fn(self) -> Callable[..., Awaitable[Any]]:
        """The method decorated with `@workflow.run`."""


def is_workflow(value: object) -> TypeGuard[type]:
    """Whether a value is a class decorated with `@workflow.defn`; a subclass of one needs a decorator of its own."""
    return inspect.isclass(value) and _ATTRIBUTE in vars(value)


def workflow_definition(workflow: type) -> WorkflowDefinition:
    """Return the definition of a class that `is_workflow`."""
    return cast("WorkflowDefinition", vars(workflow)[_ATTRIBUTE])
