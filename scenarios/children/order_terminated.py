"""An operator terminates one order: the batch notices and continues; the effects of that order remain."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import EffectsInOrder, LiveRun, Outcome, Recorded
from scenarios.children import all_well
from scenarios.children.workflow import Batch


async def drive(run: LiveRun) -> None:
    """Terminate the first order while its charge is on its way."""
    async with run.holding(Payments.charge):
        await run.client.get_workflow_handle(f"{run.handle.id}:A").terminate()
        await run.until("ChildWorkflowExecutionTerminated")


scenario = replace(
    all_well.scenario,
    given=Batch(orders=all_well.ORDERS[:2]),
    drive=drive,
    expects=[
        Outcome(
            result={
                "successful": ["B"],
                "failed": [{"order": "A", "error": "Terminated", "root_cause": "TerminatedError"}],
            }
        ),
        Recorded(event="ChildWorkflowExecutionTerminated", count=1),
        EffectsInOrder(operations=[Payments.charge, Payments.charge, Carrier.ship]),
    ],
    claims=["CHD-007"],
)
