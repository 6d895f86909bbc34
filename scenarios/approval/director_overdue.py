"""The manager decides after twelve hours, before the notice gets through; the director has a day, and is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.notifications import Notifications
from harness import Attempts, Clock, FirstCalls, HttpError, LiveRun, Outcome, Recorded, RetrySchedule, Server
from scenarios.approval import all_well
from scenarios.approval.chain_all_well import costing, decided_by

# 1, 2, 4, … 2048 s, then an hour each: 4095 s and eleven hours make 12 h 8 min.
AFTER_TWELVE_HOURS = 1 + 12 + 11


async def drive(run: LiveRun) -> None:
    """Decide as the notice is tried again after twelve hours."""
    async with run.holding(Notifications.send, nth=AFTER_TWELVE_HOURS):
        await all_well.ask_for(run, all_well.YES)


scenario = replace(
    all_well.scenario,
    given=costing(10_000_00),
    server=Server(clock=Clock.SKIPPING),
    faults=[HttpError(on=Notifications.send, status=503, when=FirstCalls(n=AFTER_TWELVE_HOURS - 1))],
    drive=drive,
    expects=[
        Outcome(result={"status": "timeout", "level": "director", "reason": "approval_timeout", "asked": ["director"]}),
        decided_by(["manager", "director"]),
        RetrySchedule(activity="ask", initial=timedelta(seconds=1), maximum=timedelta(hours=1)),
        Attempts(of=Notifications.send, count=AFTER_TWELVE_HOURS + 1),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "86400s"}, count=2),
        Recorded(event="TimerCanceled", count=1),
        Recorded(event="TimerFired", count=1),
    ],
    claims=["APC-002", "APC-007"],
)
