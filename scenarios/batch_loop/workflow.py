"""A loop that has no end, in runs that have one: a batch, a look at how long this run has been, a pause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.batch_loop.activities import Batch, LoopActivities


@dataclass(frozen=True)
class Renewal:
    """When a run is over and the next begins: at the first of these that holds.

    Attributes:
        after_batches: So many batches of this run; None for no such limit.
        when_suggested: When the server says that the history is long (by default 4,096 events or 4 MiB). That is
            recorded with each workflow task, so that replay is told the same (CON-010).
        after: So long after the run's first workflow task; None for no such limit.
    """

    after_batches: int | None
    when_suggested: bool
    after: timedelta | None


FREQUENCY = Renewal(after_batches=100, when_suggested=False, after=None)
"""Predictable, and blind to what a batch costs in events."""

SUGGESTED = Renewal(after_batches=None, when_suggested=True, after=None)
"""As long as the server tolerates."""

HYBRID = Renewal(after_batches=1000, when_suggested=True, after=timedelta(days=30))
"""Both, and new code at least once a month. A batch and a pause are 11 events, so that on default settings the server
suggests after some 370 batches: a thousand are only reached where a batch is less."""


@dataclass(frozen=True)
class Loop:
    """How the loop goes, and how far it is: all that one run hands to the next.

    Attributes:
        renewal: When a run is over.
        pause: Between two batches.
        answer_within: How long the service may take for a batch.
        ends_after: So many batches over all runs; None for never.
        done: How many batches all runs have processed.
        run: Which run this is, from 1.
        renewed: How many runs have ended for each reason.
    """

    renewal: Renewal = HYBRID
    pause: timedelta = timedelta(minutes=5)
    answer_within: timedelta = timedelta(seconds=10)
    ends_after: int | None = None
    done: int = 0
    run: int = 1
    renewed: Mapping[str, int] = field(default_factory=dict)


@workflow.defn
class ProcessForEver:
    """Processes batch after batch."""

    @workflow.run
    async def run(self, loop: Loop) -> Loop:
        """Process batches until there are enough of them; returns how far it came."""
        begun = loop.done
        while loop.ends_after is None or loop.done < loop.ends_after:
            batch = Batch(loop=workflow.info().workflow_id, number=loop.done, answer_within=loop.answer_within)
            await workflow.execute_activity_method(
                LoopActivities.process_batch, batch, start_to_close_timeout=2 * loop.answer_within
            )
            loop = replace(loop, done=loop.done + 1)
            if reason := self._over(loop, of_this_run=loop.done - begun):
                renewed = {**loop.renewed, reason: loop.renewed.get(reason, 0) + 1}
                workflow.continue_as_new(replace(loop, run=loop.run + 1, renewed=renewed))
            # Not asyncio.sleep, which wants a number of seconds and fails the task on a timedelta (CON-016).
            await workflow.sleep(loop.pause)
        return loop

    def _over(self, loop: Loop, *, of_this_run: int) -> str:
        """Why this run is over; "" while it is not."""
        renewal, info = loop.renewal, workflow.info()
        if renewal.after_batches is not None and of_this_run >= renewal.after_batches:
            return "batches"
        if renewal.when_suggested and info.is_continue_as_new_suggested():
            return "suggested"
        return "age" if renewal.after is not None and workflow.now() - info.start_time >= renewal.after else ""
