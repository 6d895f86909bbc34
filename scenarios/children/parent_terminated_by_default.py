"""Without a policy the order is terminated with its batch: charged, never shipped, and never refunded."""

from __future__ import annotations

from dataclasses import replace

from temporalio.workflow import ParentClosePolicy

from fakes.payments import Payments
from harness import EffectsInOrder, LiveRun, NoOrphans, Outcome, Recorded, Status
from scenarios.children import all_well, parent_terminated
from scenarios.children.workflow import Batch


async def drive(run: LiveRun) -> None:
    """Terminate the batch while the first order's charge is on its way, which arrives when that order has ended."""
    async with run.holding(Payments.charge):
        await run.handle.terminate()
        await run.see_to_its_end(f"{run.handle.id}:A")


scenario = replace(
    parent_terminated.scenario,
    drive=drive,
    given=Batch(orders=all_well.ORDERS[:2], when_closed=ParentClosePolicy.UNSPECIFIED),
    expects=[
        Outcome(status=Status.TERMINATED),
        Recorded(
            event="StartChildWorkflowExecutionInitiated",
            having={"parentClosePolicy": "PARENT_CLOSE_POLICY_TERMINATE"},
            count=1,
        ),
        EffectsInOrder(operations=[Payments.charge]),
        NoOrphans(but=[Payments.charge]),
    ],
    claims=["CHD-004"],
)
