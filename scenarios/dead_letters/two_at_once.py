"""Items are processed two at a time: both are on their way at once, and no third joins them."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import ConcurrencyKept, LiveRun, Outcome
from scenarios.dead_letters import all_well
from scenarios.dead_letters.workflow import ProcessItems


async def drive(run: LiveRun) -> None:
    """Hold two calls until the workflow has answered: by then, a third would have been on its way."""
    async with run.holding_each((Items.process, 1), (Items.process, 2)):
        await run.handle.query(ProcessItems.processed)


scenario = replace(
    all_well.scenario,
    given=replace(all_well.BATCH, at_once=2),
    drive=drive,
    expects=[
        Outcome(result={"successful": 4, "failed": 0}),
        ConcurrencyKept(of=Items.process, limit=2, at_least=2),
        all_well.ACCOUNTED_FOR,
    ],
    claims=(),
)
