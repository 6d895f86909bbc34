"""No worker is there for the second attempt: its schedule_to_start begins after the wait between the attempts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import (
    Attempts,
    Drain,
    FromCall,
    HttpError,
    OnEvent,
    Outcome,
    Status,
    TimeoutKind,
    Window,
    WorkerProcesses,
)
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import POOLED

# Less than the wait before the second attempt, which is not part of it. Scaled, since no clock skips while an
# activity waits for a worker.
SHORT = replace(POOLED, start_within=timedelta(seconds=0.8))

scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, print=SHORT),
    workers=WorkerProcesses(),
    faults=[
        HttpError(on=Bookkeeping.print),
        Drain(
            replaced=False,
            when=Window(opens=FromCall(n=1, of=Bookkeeping.print), closes=OnEvent(type="ActivityTaskTimedOut")),
        ),
    ],
    expects=[
        Outcome(status=Status.FAILED),
        TimeoutKind(
            activity="print_statement",
            kind="SCHEDULE_TO_START",
            retry_state="TIMEOUT",
            behind=("application ServiceUnavailable",),
        ),
        Attempts(of=Bookkeeping.print, count=1),
    ],
    claims=["TMO-004"],
)
