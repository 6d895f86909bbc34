"""Two calls succeed after five others have opened the breaker: it stays open, for they say nothing about now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, HttpError, LiveRun, OnlyNthCall, Outcome
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch, Wave


async def drive(run: LiveRun) -> None:
    """Let the first two calls succeed once the five that follow have failed."""
    async with run.holding_each((Payments.charge, 1), (Payments.charge, 2)):
        await run.until("WorkflowPropertiesModified")


# Both late calls began before the breaker opened. Two successes would close it, if they counted.
scenario = replace(
    all_well.scenario,
    given=Batch(
        waves=[
            Wave(orders=[f"under way {number}" for number in range(7)]),
            *all_well.orders(8, 9),
            *all_well.orders(10, 11, 12, after=timedelta(seconds=60)),
        ]
    ),
    drive=drive,
    faults=[OnlyNthCall(on=Payments.charge, n=number, fault=HttpError(on=Payments.charge)) for number in range(3, 8)],
    expects=[
        Outcome(result={"total": 12, "successful": 5, "failed": 5, "rejected": 2}),
        Attempts(of=Payments.charge, count=10),
        all_well.TRACE,
    ],
    claims=(),
)
