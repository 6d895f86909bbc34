"""The request is cancelled while it waits for a decision: it ends as Canceled, and nothing is paid."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, LiveRun, Outcome, Recorded, Status
from scenarios.approval import all_well


async def drive(run: LiveRun) -> None:
    """Cancel once somebody was asked."""
    await run.until("ActivityTaskCompleted", nth=2)
    await run.handle.cancel()


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="TimerCanceled", count=1),
        Attempts(of=Payments.charge, count=0),
        EffectsInOrder(operations=[Notifications.send]),
    ],
    claims=(),
)
