"""What an exploration adds to the client of a target's driver: signals and updates go through their injector.

A workflow that it starts begins without a poll.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from temporalio.client import (
    CountWorkflowsInput,
    Interceptor,
    ListWorkflowsInput,
    OutboundInterceptor,
    SignalWorkflowInput,
    StartWorkflowInput,
    StartWorkflowUpdateInput,
    WorkflowExecutionAsyncIterator,
    WorkflowExecutionCount,
    WorkflowHandle,
    WorkflowUpdateHandle,
    WorkflowUpdateStage,
)

from harness.explore.inject.injected_failure import injected_failure
from harness.explore.inject.injector import Injector

NO_LISTS = "the application lists workflows, but visibility is disabled here; set Target(lists=True)."


class Deliveries(Interceptor):
    """Leads every signal and update that a driver sends through its injector.

    Args:
        injector_of: Finds it by the id of a workflow.
        lists: Whether the server can list workflows; without an index of them it would find none.
        workflow: Returns the handle of a workflow by its id.

    Attributes:
        refused: Whether the application tried to.
    """

    def __init__(
        self,
        injector_of: Callable[[str], Injector | None],
        *,
        lists: bool,
        workflow: Callable[[str], WorkflowHandle[Any, Any]],
    ) -> None:
        self._injector_of = injector_of
        self._lists = lists
        self._workflow = workflow
        self.refused = False

    def see_to_listing(self) -> None:
        """Refuse to list workflows where none would be found."""
        if not self._lists:
            self.refused = True
            raise injected_failure(NO_LISTS, non_retryable=True)

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's
        """Wrap what the client sends."""
        return _Delivered(next, self._injector_of, self.see_to_listing, self._workflow)


class _Delivered(OutboundInterceptor):
    def __init__(
        self,
        following: OutboundInterceptor,
        injector_of: Callable[[str], Injector | None],
        see_to_listing: Callable[[], None],
        workflow: Callable[[str], WorkflowHandle[Any, Any]],
    ) -> None:
        super().__init__(following)
        self._injector_of = injector_of
        self._see_to_listing = see_to_listing
        self._workflow = workflow

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002 - the SDK's
        # The worker is in this process, so that the answer can bring the first task along: a round trip less.
        plain = not (input.start_signal or input.start_delay or input.cron_schedule)
        return await super().start_workflow(replace(input, request_eager_start=plain))

    def list_workflows(self, input: ListWorkflowsInput) -> WorkflowExecutionAsyncIterator:  # noqa: A002 - the SDK's
        self._see_to_listing()
        return super().list_workflows(input)

    async def count_workflows(self, input: CountWorkflowsInput) -> WorkflowExecutionCount:  # noqa: A002 - the SDK's
        self._see_to_listing()
        return await super().count_workflows(input)

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002 - the SDK's
        injector = self._injector_of(input.id)
        following = super().signal_workflow
        if injector is None:
            await following(input)
        else:
            await injector.cancellation.settled(self._workflow(input.id))
            await injector.signals.deliver(input.signal, lambda: following(input))

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:  # noqa: A002 - the SDK's
        injector = self._injector_of(input.id)
        following = super().start_workflow_update
        if injector is None:
            return await following(input)
        await injector.cancellation.settled(self._workflow(input.id))

        async def again() -> None:
            accepted = WorkflowUpdateStage.ACCEPTED
            await following(replace(input, update_id=uuid4().hex, wait_for_stage=accepted))

        return await injector.signals.update(input.update, lambda: following(input), again)
