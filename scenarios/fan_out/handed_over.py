"""Fire and forget: the parent ends before any item is processed, and all of them are processed without it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

from temporalio.service import RPCError

from fakes.items import Items
from harness import Call, ChildrenAccountedFor, LiveRun, Outcome, Recorded
from scenarios.fan_out import all_well
from scenarios.fan_out.workflows.hand_over import Batch, HandOver

ITEMS = 3


async def drive(run: LiveRun) -> None:
    """Serve no item before the parent has ended, and see all of them to their end."""
    ended = asyncio.Event()

    async def hold(_: Call) -> None:
        await ended.wait()

    with run.testbed.fake(Items.process).watched(Items.process, hold):
        await run.until("WorkflowExecutionCompleted")
        ended.set()
        for item in range(ITEMS):
            # There is none to be seen to that was never started, which is for an oracle to say.
            with suppress(RPCError):
                await run.see_to_its_end(f"{run.handle.id}:{item}")


scenario = replace(
    all_well.scenario,
    workflow=HandOver.run,
    # Those of the first run are open when it continues as new.
    given=Batch(items=list(range(ITEMS)), per_run=2, patience=all_well.IMPATIENT),
    drive=drive,
    expects=[
        Outcome(result={"failures": []}),
        Recorded(
            event="StartChildWorkflowExecutionInitiated",
            having={"parentClosePolicy": "PARENT_CLOSE_POLICY_ABANDON"},
            count=ITEMS,
        ),
        Recorded(event="ChildWorkflowExecutionStarted", count=ITEMS),
        Recorded(event="ChildWorkflowExecutionCompleted", count=0),
        ChildrenAccountedFor(of=Items.process, items=range(ITEMS), done="started", awaited=False),
    ],
    claims=["CHW-006", "PCP-004"],
)
