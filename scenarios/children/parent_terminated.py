"""The batch is terminated while an order is being placed: ABANDON lets the order go on to its end."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import EffectsInOrder, LiveRun, Outcome, Recorded, Status
from scenarios.children import all_well
from scenarios.children.workflow import Batch


async def drive(run: LiveRun) -> None:
    """Terminate the batch while the first order's charge is on its way, and see that order to its end."""
    async with run.holding(Payments.charge):
        await run.handle.terminate()
        await run.until("WorkflowExecutionTerminated")
    await run.see_to_its_end(f"{run.handle.id}:A")


scenario = replace(
    all_well.scenario,
    given=Batch(orders=all_well.ORDERS[:2]),
    drive=drive,
    expects=[
        Outcome(status=Status.TERMINATED),
        EffectsInOrder(operations=[Payments.charge, Carrier.ship]),
        Recorded(
            event="StartChildWorkflowExecutionInitiated",
            having={"parentClosePolicy": "PARENT_CLOSE_POLICY_ABANDON"},
            count=1,
        ),
    ],
    claims=["CHD-006"],
)
