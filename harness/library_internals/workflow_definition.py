"""What `@workflow.defn` leaves on a class: `__temporal_workflow_definition`.

Read in `temporalio/workflow/_definition.py`. The SDK has no public way to ask whether a class is a workflow, what its
type is called and which method runs it.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, Union, cast

if TYPE_CHECKING:
    from typing import TypeGuard

_ATTRIBUTE = "__temporal_workflow_definition"


class WorkflowDefinition(Protocol):
    """The part of the SDK's definition that the harness reads.

    Attributes:
        name: The workflow's type; None for a dynamic workflow, which accepts every type.
        run_fn: The method decorated with `@workflow.run`.
        signals: Its signal handlers by name; None for a dynamic one.
        updates: Its update handlers by name; None for a dynamic one.
    """

    @property
    def name(self) -> str | None:
        """The workflow's type."""

    @property
    def run_fn(self) -> Callable[..., Awaitable[Any]]:
        """The method decorated with `@workflow.run`."""

    @property
    def signals(self) -> Mapping[str | None, Any]:
        """Its signal handlers by name."""

    @property
    def updates(self) -> Mapping[str | None, Any]:
        """Its update handlers by name."""


def is_workflow(value: object) -> TypeGuard[type]:
    """Whether a value is a class decorated with `@workflow.defn`; a subclass of one needs a decorator of its own."""
    return inspect.isclass(value) and _ATTRIBUTE in vars(value)


def workflow_definition(workflow: type) -> WorkflowDefinition:
    """Return the definition of a class that `is_workflow`."""
    return cast("WorkflowDefinition", vars(workflow)[_ATTRIBUTE])


NamedWorkflow = Union[str, type, "Callable[..., Any]"]
"""A workflow: the class, its run method, or its type."""


def workflow_name(one: NamedWorkflow) -> str:
    """Return the type of a workflow, given as a class, as its run method, or by that type; "*" for a dynamic one.

    Raises:
        UsageError: It is no workflow.
    """
    if isinstance(one, str):
        return one
    definition = getattr(one, _ATTRIBUTE, None)
    if definition is None:
        from harness.errors import UsageError  # noqa: PLC0415 - not where the application runs

        raise UsageError(f"{one!r} is not a workflow: it lacks @workflow.defn.")
    return str(definition.name or "*")


def workflow_types(workflows: Iterable[type]) -> frozenset[str]:
    """Return the types of classes that are workflows; "*" for a dynamic one."""
    return frozenset(map(workflow_name, workflows))
