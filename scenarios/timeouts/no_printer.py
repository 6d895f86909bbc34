"""No worker takes the printing job: it fails with schedule_to_start, and is not retried."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Outcome, Recorded, Status, TimeoutKind
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import POOLED

# No clock skips while an activity waits for a worker, so its 5 minutes are scaled to half a second.
SHORT = replace(POOLED, start_within=timedelta(seconds=0.5))

scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, printers="printers that were switched off", print=SHORT),
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "timeout SCHEDULE_TO_START")),
        TimeoutKind(activity="print_statement", kind="SCHEDULE_TO_START", retry_state="TIMEOUT", behind=()),
        # Of the rate and of the batch, and none of the print.
        Recorded(event="ActivityTaskStarted", count=2),
        Attempts(of=Bookkeeping.print, count=0),
    ],
    claims=["TMO-003"],
)
