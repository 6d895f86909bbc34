"""An order's run times out while it is being paid: the next run reserves and charges nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import AtMostOnce, LiveRun, Outcome, Recorded, StartOptions
from scenarios.parallel import all_well


async def drive(run: LiveRun) -> None:
    """Hold the charge until the first run has timed out, and the second one is asking, too."""
    async with run.holding_each((Payments.charge, 1), (Payments.charge, 2)):
        pass


scenario = replace(
    all_well.scenario,
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    expects=[
        Outcome(result={"inventory_reserved": "reservation_o1", "payment_processed": "charge_o1"}),
        AtMostOnce(of=Inventory.reserve, per="order"),
        AtMostOnce(of=Payments.charge, per="order"),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
