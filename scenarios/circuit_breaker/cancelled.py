"""The workflow is cancelled during a call: that is no failure of the service, and it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, LiveRun, Outcome, Status
from scenarios.circuit_breaker import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the first order is being charged."""
    async with run.holding(Payments.charge):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[Outcome(status=Status.CANCELED), Attempts(of=Payments.charge, count=1)],
    claims=(),
)
