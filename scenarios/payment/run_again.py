"""The run times out while the card is being charged: the next run asks under the same key, and charges once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.payments import Payments
from harness import AtMostOnce, EffectsInOrder, LiveRun, Outcome, Recorded, Server, StartOptions
from scenarios.payment import all_well


async def drive(run: LiveRun) -> None:
    """Hold the charge until the first run has timed out, and the second one is asking, too."""
    async with run.holding_each((Payments.charge, 1), (Payments.charge, 2)):
        pass


scenario = replace(
    all_well.scenario,
    server=Server(),
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    expects=[
        Outcome(result={"success": True, "transaction_id": "charge_o1"}),
        AtMostOnce(of=Payments.charge, per="order"),
        EffectsInOrder(operations=[Payments.charge]),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=["SAGA-007"],
)
