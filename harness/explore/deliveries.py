"""What an exploration adds to the client of a target's drive: signals and updates go through their world.

A workflow that it starts begins without a poll.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from temporalio.client import (
    Interceptor,
    OutboundInterceptor,
    SignalWorkflowInput,
    StartWorkflowInput,
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
    """

    def __init__(self, world_of: Callable[[str], World | None]) -> None:
        self._world_of = world_of

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's
        """Wrap what the client sends."""
        return _Delivered(next, self._world_of)


class _Delivered(OutboundInterceptor):
    def __init__(self, following: OutboundInterceptor, world_of: Callable[[str], World | None]) -> None:
        super().__init__(following)
        self._world_of = world_of

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002 - the SDK's
        # The worker is in this process, so that the answer can bring the first task along: a round trip less.
        plain = not (input.start_signal or input.start_delay or input.cron_schedule)
        return await super().start_workflow(replace(input, request_eager_start=plain))

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002 - the SDK's
        world = self._world_of(input.id)
        following = super().signal_workflow
        if world is None:
            await following(input)
        else:
            await world.signals.deliver(input.signal, lambda: following(input))

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:  # noqa: A002 - the SDK's
        world = self._world_of(input.id)
        following = super().start_workflow_update
        if world is None:
            return await following(input)

        async def again() -> None:
            accepted = WorkflowUpdateStage.ACCEPTED
            await following(replace(input, update_id=uuid4().hex, wait_for_stage=accepted))

        return await world.signals.update(input.update, lambda: following(input), again)
