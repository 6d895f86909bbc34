"""The workflow is cancelled before the invoice is approved: it ends as Canceled, and nothing is printed."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, EffectsInOrder, LiveRun, Outcome, Status
from scenarios.deploy import all_well


async def drive(run: LiveRun) -> None:
    """Cancel once the invoice is posted."""
    await run.until("ActivityTaskCompleted")
    await run.handle.cancel()


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        EffectsInOrder(operations=[Bookkeeping.post]),
        Attempts(of=Bookkeeping.print, count=0),
    ],
)
