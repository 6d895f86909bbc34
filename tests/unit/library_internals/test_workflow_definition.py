"""A workflow is recognized by what its decorator leaves: without that, no target and no module has any workflow."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from temporalio import workflow
from temporalio.common import RawValue

from harness.library_internals.workflow_definition import is_workflow, workflow_definition


@workflow.defn(name="trip")
class Trip:
    """Has a type of its own."""

    @workflow.run
    async def go(self) -> None:
        """Do nothing."""


@workflow.defn(dynamic=True)
class Anything:
    """Accepts every type."""

    @workflow.run
    async def go(self, _args: Sequence[RawValue]) -> None:
        """Do nothing."""


class Longer(Trip):
    """Not decorated itself, so no worker takes it."""


def test_a_decorated_class_has_a_type_and_a_run_method() -> None:
    """As the SDK's worker registers it."""
    definition = workflow_definition(Trip)

    assert is_workflow(Trip)
    assert (definition.name, definition.run_fn) == ("trip", Trip.go)


def test_a_dynamic_workflow_has_no_type() -> None:
    """It accepts every type."""
    assert workflow_definition(Anything).name is None


@pytest.mark.parametrize("value", [Longer, Trip.go, Trip(), "trip", object])
def test_nothing_else_is_a_workflow(value: object) -> None:
    """A subclass needs a decorator of its own, and the run method carries the same mark as its class."""
    assert not is_workflow(value)
