"""An operator terminates the batch: its children are asked to end, and discard what they did."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import ChildrenAccountedFor, LiveRun, Outcome, Recorded, Status
from scenarios.fan_out import all_well, cancelled


async def drive(run: LiveRun) -> None:
    """Terminate when one item is done and two are being processed, and see those to their end."""
    async with run.holding_each((Items.process, 2), (Items.process, 3)):
        await run.handle.terminate()
        for item in range(3):
            await run.see_to_its_end(f"{run.handle.id}:{item}")


scenario = replace(
    all_well.scenario,
    given=cancelled.scenario.given,
    drive=drive,
    expects=[
        Outcome(status=Status.TERMINATED),
        Recorded(
            event="StartChildWorkflowExecutionInitiated",
            having={"parentClosePolicy": "PARENT_CLOSE_POLICY_REQUEST_CANCEL"},
            count=3,
        ),
        ChildrenAccountedFor(of=Items.process, items=range(5)),
    ],
    claims=["PCP-003"],
)
