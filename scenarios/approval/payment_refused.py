"""Payments refuses the charge with 400: it is not asked again, and the workflow fails with the reason."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Attempts, Clock, HttpError, LiveRun, Outcome, Server, Status
from scenarios.approval import all_well
from scenarios.approval.workflow import Approve


async def approve_as_it_is_asked(run: LiveRun) -> None:
    """Approve while the notice is on its way: until then, a clock that skips does not skip the week."""
    async with run.holding(Notifications.send):
        await run.handle.signal(Approve.tell, all_well.YES)


scenario = replace(
    all_well.scenario,
    # If it were asked again, the waits would be skipped.
    server=Server(clock=Clock.SKIPPING),
    drive=approve_as_it_is_asked,
    faults=[HttpError(on=Payments.charge, status=400)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Attempts(of=Payments.charge, count=1),
    ],
    claims=(),
)
