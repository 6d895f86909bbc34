"""What an exploration adds to the client of a target's drive: signals and updates go through their world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from temporalio.client import (
    Interceptor,
    OutboundInterceptor,
    SignalWorkflowInput,
    StartWorkflowUpdateInput,
    WorkflowHandle,
    WorkflowUpdateHandle,
    WorkflowUpdateStage,
)

from harness.explore.world import World


class Deliveries(Interceptor):
    """Leads every signal and update that a drive sends through its world.

    Args:
        world_of: Finds it by the id of a workflow.
        workflow: Returns the handle of a workflow by its id.
    """

    def __init__(
        self, world_of: Callable[[str], World | None], *, workflow: Callable[[str], WorkflowHandle[Any, Any]]
    ) -> None:
        self._world_of = world_of
        self._workflow = workflow

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's
        """Wrap what the client sends."""
        return _Delivered(next, self._world_of, self._workflow)


class _Delivered(OutboundInterceptor):
    def __init__(
        self,
        following: OutboundInterceptor,
        world_of: Callable[[str], World | None],
        workflow: Callable[[str], WorkflowHandle[Any, Any]],
    ) -> None:
        super().__init__(following)
        self._world_of = world_of
        self._workflow = workflow

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002 - the SDK's
        world = self._world_of(input.id)
        following = super().signal_workflow
        if world is None:
            await following(input)
        else:
            await world.cancellation.settled(self._workflow(input.id))
            await world.signals.deliver(input.signal, lambda: following(input))

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:  # noqa: A002 - the SDK's
        world = self._world_of(input.id)
        following = super().start_workflow_update
        if world is None:
            return await following(input)
        await world.cancellation.settled(self._workflow(input.id))

        async def again() -> None:
            accepted = WorkflowUpdateStage.ACCEPTED
            await following(replace(input, update_id=uuid4().hex, wait_for_stage=accepted))

        return await world.signals.update(input.update, lambda: following(input), again)
