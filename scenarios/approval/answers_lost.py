"""The answers of notifier and payments are lost: each does its part once, and a rejection now is too late."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import AtMostOnce, Attempts, Clock, FirstCalls, LiveRun, LostReply, Outcome, Recorded, Server
from scenarios.approval import all_well
from scenarios.approval.workflow import Approve


async def drive(run: LiveRun) -> None:
    """Approve as the notice is sent for the second time; reject as it is paid for the second time."""
    paying = asyncio.create_task(_reject_too_late(run))
    async with run.holding(Notifications.send, nth=2):
        await run.handle.signal(Approve.tell, all_well.YES)
    await paying


async def _reject_too_late(run: LiveRun) -> None:
    async with run.holding(Payments.charge, nth=2):
        await run.handle.signal(Approve.tell, all_well.NO)
        await all_well.ask_for(run, all_well.NO)


scenario = replace(
    all_well.scenario,
    # The waits before the second attempts are those of production, skipped.
    server=Server(clock=Clock.SKIPPING),
    faults=[
        LostReply(on=Notifications.send, when=FirstCalls(n=1)),
        LostReply(on=Payments.charge, when=FirstCalls(n=1)),
    ],
    drive=drive,
    expects=[
        Outcome(result={"status": "approved", "charge": "charge_p1"}),
        all_well.DECIDED,
        Recorded(event="WorkflowExecutionSignaled", count=2),
        Recorded(event="WorkflowExecutionUpdateAccepted", count=0),
        Attempts(of=Notifications.send, count=2),
        AtMostOnce(of=Notifications.send, per="kind"),
        Attempts(of=Payments.charge, count=2),
        AtMostOnce(of=Payments.charge, per="order"),
    ],
)
