"""The approval comes when the entries are posted: the statement is printed then, and not before."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import EffectsInOrder, LiveRun, Outcome, Recorded
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import CloseMonth


async def drive(run: LiveRun) -> None:
    """Approve when the workflow waits for nothing else: after the start, the rate and the entries."""
    await run.until("WorkflowTaskCompleted", nth=3)
    await run.handle.signal(CloseMonth.approve)


scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, approved=False),
    drive=drive,
    expects=[
        Outcome(result={"rate": 1.25, "posted": 3, "statement": "statement of May"}),
        EffectsInOrder(operations=[*[Bookkeeping.post] * 3, Bookkeeping.print]),
        # By the workflow task that the signal brought.
        Recorded(event="WorkflowTaskCompleted", count=5),
    ],
    claims=(),
)
