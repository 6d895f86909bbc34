"""Workflows that have children, and that continue as new."""

from __future__ import annotations

from temporalio import workflow
from temporalio.workflow import ParentClosePolicy


@workflow.defn
class Parent:
    """Has a child in each of three lives; leaves the last behind."""

    def __init__(self) -> None:
        self._settled = False

    @workflow.run
    async def run(self, life: int = 1) -> str:
        """Return when the third life is over."""
        name = f"{workflow.info().workflow_id}-child-{life}"
        if life < 3:
            await workflow.execute_child_workflow(Child.run, 1, id=name)
            workflow.continue_as_new(life + 1)
        await workflow.start_child_workflow(Stays.run, 1, id=name, parent_close_policy=ParentClosePolicy.ABANDON)
        await workflow.wait_condition(lambda: self._settled)
        return "done"

    @workflow.signal
    def settled(self) -> None:
        """The child that stays is in its last life."""
        self._settled = True


@workflow.defn
class Child:
    """Has a child of its own, and two lives."""

    @workflow.run
    async def run(self, life: int) -> None:
        """Return when the second life is over."""
        if life < 2:
            await workflow.execute_child_workflow(Grandchild.run, id=f"{workflow.info().workflow_id}-child")
            workflow.continue_as_new(life + 1)


@workflow.defn
class Grandchild:
    """Is there."""

    @workflow.run
    async def run(self) -> None:
        """Return at once."""


@workflow.defn
class Stays:
    """Does not end by itself, in its second life."""

    @workflow.run
    async def run(self, life: int) -> None:
        """Wait for ever."""
        if life < 2:
            workflow.continue_as_new(life + 1)
        parent = workflow.info().parent
        assert parent is not None
        await workflow.get_external_workflow_handle_for(Parent.run, parent.workflow_id).signal(Parent.settled)
        await workflow.wait_condition(lambda: False)


@workflow.defn
class Endless:
    """Continues as new, again and again."""

    @workflow.run
    async def run(self, life: int = 1) -> None:
        """Go on with the next life."""
        workflow.continue_as_new(life + 1)
