"""Attempts that time out use up schedule_to_close: the last of five is never made if there is no time for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Outcome, Status, Timeout, TimeoutKind
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import QUICK

# Five attempts of 5 s within 30 s, as it is commonly told, all of it divided by five: a running attempt takes what it
# takes on any clock. Four attempts and their waits are 27 s, a fifth would begin at 35 s.
TOO_LITTLE = replace(
    QUICK,
    attempt=timedelta(seconds=1),
    in_all=timedelta(seconds=6),
    answer_within=timedelta(minutes=1),
    first_wait=timedelta(seconds=0.2),
)

scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, rate=TOO_LITTLE),
    faults=[Timeout(on=Bookkeeping)],
    expects=[
        Outcome(status=Status.FAILED),
        # On a busy machine the time may be over during the fourth attempt, which looks the same from here.
        TimeoutKind(activity="get_rate", kind="SCHEDULE_TO_CLOSE", retry_state="TIMEOUT"),
        Attempts(of=Bookkeeping.rate, count=4),
    ],
    claims=["TMO-002", "TMO-008"],
)
