"""An entry is refused: it is asked for once, nothing is printed, and the import fails with the refusal."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, HttpError, NthCall, Outcome, Status
from scenarios.server_loss import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Bookkeeping.post, status=422, when=NthCall(n=3))],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Attempts(of=Bookkeeping.post, count=3),
        Attempts(of=Bookkeeping.print, count=0),
    ],
)
