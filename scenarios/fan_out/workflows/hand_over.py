"""Fire and forget: a child workflow for each item, which goes on when its parent has long ended."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

from scenarios.fan_out.workflows.item import Item, NotDone, Patience, ProcessItem, reason


@dataclass(frozen=True)
class Started:
    """An item whose workflow has been started, and tells by itself how it ends.

    Attributes:
        item: Its number.
        workflow_id: Where to ask.
    """

    item: int
    workflow_id: str


@dataclass(frozen=True)
class Handed:
    """What became of a batch: each item stands in one of the lists.

    Attributes:
        started: Those that are on their way.
        failures: Those that are not.
    """

    started: list[Started] = field(default_factory=list)
    failures: list[NotDone] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """What to hand over.

    Attributes:
        items: The items' numbers.
        per_run: How many items one run takes; behind them it continues as new. Below the 2,000 children that a run may
            have: nothing here waits for them to end.
        handed: What earlier runs handed over.
        patience: How long an item tolerates with a failing service.
    """

    items: list[int]
    per_run: int = 1000
    handed: Handed = field(default_factory=Handed)
    patience: Patience = field(default_factory=Patience)


@workflow.defn
class HandOver:
    """Starts a child for each item, and ends when all are started."""

    @workflow.run
    async def run(self, batch: Batch) -> Handed:
        """Say which items are on their way."""
        present, later = batch.items[: batch.per_run], batch.items[batch.per_run :]
        # Awaited: a child whose start was only asked for when its parent ends is never started, and nothing says so
        # (CHW-007). It is the same when the parent continues as new.
        ended = await asyncio.gather(*(self._start(number, batch.patience) for number in present))
        handed = Handed(
            started=[*batch.handed.started, *(one for one in ended if isinstance(one, Started))],
            failures=[*batch.handed.failures, *(one for one in ended if isinstance(one, NotDone))],
        )
        if later:
            workflow.continue_as_new(replace(batch, items=later, handed=handed))
        return handed

    async def _start(self, number: int, patience: Patience) -> Started | NotDone:
        info = workflow.info()
        try:
            child = await workflow.start_child_workflow(
                ProcessItem.run,
                Item(batch=info.workflow_id, item=number, patience=patience),
                id=f"{info.workflow_id}:{number}",
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                # The default is TERMINATE (PCP-001).
                parent_close_policy=ParentClosePolicy.ABANDON,
            )
        except WorkflowAlreadyStartedError as failure:
            return NotDone(item=number, error=reason(failure))
        return Started(item=number, workflow_id=child.id)
