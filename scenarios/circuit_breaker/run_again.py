"""The run times out while an order is being charged: the next run asks under the same key, and charges it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.payments import Payments
from harness import AtMostOnce, LiveRun, Outcome, Recorded, Server, StartOptions
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch


async def drive(run: LiveRun) -> None:
    """Hold the charge until the first run has timed out, and the second one is asking, too."""
    async with run.holding_each((Payments.charge, 1), (Payments.charge, 2)):
        pass


scenario = replace(
    all_well.scenario,
    server=Server(),
    given=Batch(waves=all_well.orders(1)),
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    expects=[
        Outcome(result={"total": 1, "successful": 1}),
        AtMostOnce(of=Payments.charge, per="order"),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
