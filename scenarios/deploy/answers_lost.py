"""The answers of posting and printing are lost, and the service is busy: each is done once, and in order."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import (
    AtMostOnce,
    Attempts,
    Clock,
    EffectsInOrder,
    FirstCalls,
    FromCall,
    HttpError,
    LiveRun,
    LostReply,
    Outcome,
    Server,
    Window,
)
from scenarios.deploy import all_well
from scenarios.deploy.workflow import SendInvoice


async def drive(run: LiveRun) -> None:
    """Approve while the invoice is being posted, so that nothing is waited for but further attempts."""
    async with run.holding(Bookkeeping.post):
        await run.handle.signal(SendInvoice.approve)


scenario = replace(
    all_well.scenario,
    # The waits before further attempts are skipped.
    server=Server(clock=Clock.SKIPPING),
    drive=drive,
    faults=[
        LostReply(on=Bookkeeping.post, when=FirstCalls(n=1)),
        HttpError(on=Bookkeeping.print, status=429, when=FirstCalls(n=1)),
        LostReply(on=Bookkeeping.print, when=Window(opens=FromCall(n=2), closes=FromCall(n=3))),
    ],
    expects=[
        Outcome(result=["posted", "printed"]),
        Attempts(of=Bookkeeping.post, count=2),
        AtMostOnce(of=Bookkeeping.post, per="month"),
        Attempts(of=Bookkeeping.print, count=3),
        AtMostOnce(of=Bookkeeping.print, per="month"),
        EffectsInOrder(operations=[Bookkeeping.post, Bookkeeping.print]),
    ],
)
