"""The payment is cancelled while the card is being charged: it ends as Canceled, in one run, and is not asked again."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import AtMostOnce, Attempts, LiveRun, Outcome, Status
from scenarios.payment import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the service has the request."""
    async with run.holding(Payments.charge):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Payments.charge, count=1),
        AtMostOnce(of=Payments.charge, per="order"),
    ],
)
