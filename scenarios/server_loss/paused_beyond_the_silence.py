"""The server is silent for longer than an activity may be: the attempt is tried again, and posts nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, FromCall, LiveRun, Outcome, PauseServer, Recorded, Server
from scenarios.server_loss import all_well


async def drive(run: LiveRun) -> None:
    """Keep the second entry's request until the server has given the attempt up."""
    async with run.holding(Bookkeeping.post, nth=2):
        await run.until("ActivityTaskCompleted")


scenario = replace(
    all_well.scenario,
    # A heartbeat timeout takes what it takes on any clock, so its minute is scaled.
    given=replace(all_well.MONTH, silence=timedelta(seconds=1), first_wait=timedelta(seconds=0.1)),
    server=Server(breakable=True),
    faults=[PauseServer(pause=timedelta(seconds=2), when=FromCall(n=2, of=Bookkeeping.post))],
    drive=drive,
    expects=[
        Outcome(result=5),
        AtMostOnce(of=Bookkeeping.post, per="number"),
        Recorded(
            event="ActivityTaskStarted",
            having={"lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_HEARTBEAT"}}},
            count=1,
        ),
    ],
    claims=["TMO-005"],
)
