"""The service refuses the posting with 422: it is not asked again, nothing is printed, and the workflow fails."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Clock, HttpError, Outcome, Server, Status
from scenarios.deploy import all_well

scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    drive=None,
    faults=[HttpError(on=Bookkeeping.post, status=422)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Attempts(of=Bookkeeping.post, count=1),
        Attempts(of=Bookkeeping.print, count=0),
    ],
)
