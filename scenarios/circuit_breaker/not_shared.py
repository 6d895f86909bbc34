"""Another execution of the workflow does not know of the open breaker, and calls the service."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, HttpError, LiveRun, Outcome, Recorded, Server, Status
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch, ChargeOrders


async def drive(run: LiveRun) -> None:
    """Once the breaker is open, charge another order by another execution; then end the first, which is waiting."""
    await run.until("TimerStarted")
    another = Batch(waves=all_well.orders(99))
    name = f"{run.handle.id}-another"
    await run.client.execute_workflow(ChargeOrders.run, another, id=name, task_queue=run.task_queue)
    await run.handle.cancel()


# The clock does not skip: o6 is still waiting when the other execution makes the sixth call.
scenario = replace(
    all_well.scenario,
    server=Server(),
    given=Batch(waves=[*all_well.orders(1, 2, 3, 4, 5), *all_well.orders(6, after=timedelta(seconds=60))]),
    faults=[HttpError(on=Payments.charge)],
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="WorkflowPropertiesModified", count=1),
        Recorded(event="ActivityTaskScheduled", count=5),
        Attempts(of=Payments.charge, count=6),
    ],
    claims=["CB-007"],
)
