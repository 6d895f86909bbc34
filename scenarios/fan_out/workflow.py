"""Many items, a child workflow for each: a window of them is open at any time, and each is told of in the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ChildWorkflowError, WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy  # and not from temporalio.common (PCP-001)

from scenarios.fan_out.workflows.item import Item, NotDone, Patience, ProcessItem, reason


@dataclass(frozen=True)
class Done:
    """An item that is processed.

    Attributes:
        item: Its number.
        result: What the service said.
    """

    item: int
    result: str


@dataclass(frozen=True)
class Told:
    """What became of a batch. Each item stands in one of the lists, in the order in which they were given.

    Attributes:
        total: How many items there were.
        successful: How many are processed.
        failed: How many are not.
        results: Those that are.
        failures: Those that are not.
    """

    total: int = 0
    successful: int = 0
    failed: int = 0
    results: list[Done] = field(default_factory=list)
    failures: list[NotDone] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """What to process.

    Attributes:
        items: The items' numbers.
        at_once: How many children may be open at the same time. A run may have 2,000 by default, and one more fails its
            workflow task for ever (CHW-003).
        per_run: How many items one run takes; behind them it continues as new. Each costs its history some ten events.
        told: What earlier runs tell.
        patience: How long an item tolerates with a failing service.
    """

    items: list[int]
    at_once: int = 10
    per_run: int = 1000
    told: Told = field(default_factory=Told)
    patience: Patience = field(default_factory=Patience)


@workflow.defn
class ProcessAll:
    """Processes all items, so many at once; when one has ended the next begins, however long the others take."""

    @workflow.run
    async def run(self, batch: Batch) -> Told:
        """Say which items are processed, and why the others are not."""
        present, later = batch.items[: batch.per_run], batch.items[batch.per_run :]
        window = asyncio.Semaphore(batch.at_once)
        # With return_exceptions, a cancelled batch waits for its children, and then is cancelled all the same.
        ended = await asyncio.gather(*(self._one(number, batch, window) for number in present), return_exceptions=True)
        told = batch.told
        for one in ended:
            told = _with(told, one)
        if later:
            # No child is open any more: one that was would be ended with this run (PCP-004).
            workflow.continue_as_new(replace(batch, items=later, told=told))
        return told

    async def _one(self, number: int, batch: Batch, window: asyncio.Semaphore) -> Done | NotDone:
        info = workflow.info()
        async with window:
            try:
                result = await workflow.execute_child_workflow(
                    ProcessItem.run,
                    Item(batch=info.workflow_id, item=number, patience=batch.patience),
                    # Of the parent's as well: another batch has items of these numbers, too (CHW-012).
                    id=f"{info.workflow_id}:{number}",
                    # An item that is listed twice is refused, instead of processed again when the first has ended.
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    # Nobody would tell of items that outlive their batch. They are asked, and leave nothing behind.
                    parent_close_policy=ParentClosePolicy.REQUEST_CANCEL,
                )
            except (ChildWorkflowError, WorkflowAlreadyStartedError) as failure:
                return NotDone(item=number, error=reason(failure))
        return Done(item=number, result=result)


def _with(told: Told, one: Done | NotDone | BaseException) -> Told:
    """Tell of one more item."""
    if isinstance(one, BaseException):
        raise one
    if isinstance(one, Done):
        return replace(told, total=told.total + 1, successful=told.successful + 1, results=[*told.results, one])
    return replace(told, total=told.total + 1, failed=told.failed + 1, failures=[*told.failures, one])
