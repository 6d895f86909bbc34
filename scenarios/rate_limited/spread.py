"""A spread of next to nothing: every wait is asked for by the activity, and is the policy's, up to its cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Attempts, HttpError, Outcome, Recorded, RetrySchedule, Status
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

# So little that nothing is left of it in microseconds: what a real spread does is in `tests/live/facts/test_spread.py`.
NEXT_TO_NOTHING = 1e-12

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.QUICK, spread=NEXT_TO_NOTHING),
    faults=[HttpError(on=Enquiries.ask)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Attempts(of=Enquiries.ask, count=10),
        RetrySchedule(
            activity="ask", initial=timedelta(milliseconds=100), coefficient=1.5, maximum=timedelta(seconds=1)
        ),
        # The wait that an eleventh attempt would have had to keep.
        Recorded(
            event="ActivityTaskFailed",
            having={"failure": {"applicationFailureInfo": {"nextRetryDelay": "1s"}}},
            count=1,
        ),
    ],
    claims=(),
)
