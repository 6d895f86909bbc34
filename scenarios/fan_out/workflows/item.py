"""One item, a workflow of its own: it is processed, or it leaves nothing behind and says why."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from scenarios.fan_out.activities import ItemActivities, Work


@dataclass(frozen=True)
class Patience:
    """How long an item tolerates with a service that fails. The defaults are meant for production.

    Attributes:
        answer_within: For one request. Below `attempt_within`.
        attempt_within: The activities' start_to_close.
        attempts: To process it. Discarding is tried until it succeeds.
        first_wait: Before the second attempt; doubles with each further one.
    """

    answer_within: timedelta = timedelta(seconds=20)
    attempt_within: timedelta = timedelta(seconds=30)
    attempts: int = 3
    first_wait: timedelta = timedelta(seconds=1)


@dataclass(frozen=True)
class Item:
    """What to process.

    Attributes:
        batch: The batch it belongs to.
        item: Its number there.
        patience: How long to bear with a failing service.
    """

    batch: str
    item: int
    patience: Patience


@dataclass(frozen=True)
class NotDone:
    """An item that is not, and of which nothing stands.

    Attributes:
        item: Its number.
        error: The failure at the bottom, since those above it say nothing.
    """

    item: int
    error: str


@workflow.defn
class ProcessItem:
    """Processes one item."""

    @workflow.run
    async def run(self, item: Item) -> str:
        """Return what the service says. Failed or cancelled, nothing of it stands."""
        patience = item.patience
        # The id is the parent's and the item's, so that every attempt and every run of this has the same key.
        work = Work(item.batch, item.item, workflow.info().workflow_id, patience.answer_within)
        try:
            return await workflow.execute_activity_method(
                ItemActivities.process,
                work,
                start_to_close_timeout=patience.attempt_within,
                retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
            )
        except (ActivityError, asyncio.CancelledError) as failure:
            if not _refused(failure):
                # An attempt that got no answer may have had its effect, or may have it yet.
                await self._discard(work, patience)
            # A failure of Temporal's, so that it fails this workflow: a plain exception would only fail its task, again
            # and again, and the parent would wait for ever (CHW-008).
            raise

    async def _discard(self, work: Work, patience: Patience) -> None:
        """Discard what became of the item, also when this is cancelled meanwhile."""
        discarding = asyncio.create_task(
            workflow.execute_activity_method(
                ItemActivities.discard,
                work,
                start_to_close_timeout=patience.attempt_within,
                retry_policy=RetryPolicy(initial_interval=patience.first_wait),
            )
        )
        try:
            await asyncio.shield(discarding)
        except asyncio.CancelledError:
            # A workflow is cancelled once: what is not shielded any more is not cancelled again.
            await discarding
            raise


def _refused(failure: BaseException) -> bool:
    """Whether the service has said no for good, so that nothing can stand."""
    return isinstance(failure.__cause__, ApplicationError) and failure.__cause__.non_retryable


def reason(failure: BaseException) -> str:
    """Say what is at the bottom of a failure."""
    root = failure
    while root.__cause__ is not None:
        root = root.__cause__
    kind = root.type if isinstance(root, ApplicationError) and root.type else type(root).__name__
    return f"{kind}: {root.message if isinstance(root, ApplicationError) else root}"
