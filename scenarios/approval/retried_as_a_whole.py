"""A charge is made but not answered, and its run fails: the next run neither asks nor pays a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import (
    AtMostOnce,
    Attempts,
    Clock,
    FirstCalls,
    FromCall,
    HttpError,
    LiveRun,
    LostReply,
    Outcome,
    Server,
    StartOptions,
    Window,
)
from scenarios.approval import all_well
from scenarios.approval.workflow import Approve


async def drive(run: LiveRun) -> None:
    """Approve in each of the two runs, while the notice is on its way."""
    for number in (1, 2):
        async with run.holding(Notifications.send, nth=number):
            await run.handle.signal(Approve.tell, all_well.YES)


scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    start=StartOptions(retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=2)),
    faults=[
        LostReply(on=Payments.charge, when=FirstCalls(n=1)),
        HttpError(on=Payments.charge, status=422, when=Window(opens=FromCall(n=2), closes=FromCall(n=3))),
    ],
    drive=drive,
    expects=[
        Outcome(result={"status": "approved", "charge": "charge_p1"}),
        Attempts(of=Payments.charge, count=3),
        AtMostOnce(of=Payments.charge, per="order"),
        Attempts(of=Notifications.send, count=2),
        AtMostOnce(of=Notifications.send, per="kind"),
    ],
    claims=(),
)
