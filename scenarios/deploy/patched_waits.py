"""A run that begins under patched code waits for its approval, too: cancelled before it, it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import EffectsInOrder, LiveRun, Outcome, Status
from scenarios.deploy import patched_begins


async def drive(run: LiveRun) -> None:
    """Cancel when the workflow waits for nothing else: after the start, the printing and the posting."""
    await run.until("WorkflowTaskCompleted", nth=3)
    await run.handle.cancel()


scenario = replace(
    patched_begins.scenario,
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        EffectsInOrder(operations=[Bookkeeping.print, Bookkeeping.post]),
    ],
    claims=(),
)
