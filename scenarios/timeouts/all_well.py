"""Nothing fails: the month is closed within production's limits, each activity at its first attempt."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.bookkeeping import Bookkeeping
from harness import Application, Attempts, EffectsInOrder, Outcome, Recorded, Scenario
from scenarios.timeouts.activities import books_activities
from scenarios.timeouts.workflow import CloseMonth, Month

MONTH = Month(name="May")

scenario = Scenario(
    application=Application(
        workflows=[CloseMonth], activities=books_activities, data_converter=pydantic_data_converter
    ),
    workflow=CloseMonth.run,
    given=MONTH,
    uses=[Bookkeeping],
    expects=[
        Outcome(result={"rate": 1.25, "posted": 3, "statement": "statement of May"}),
        EffectsInOrder(operations=[*[Bookkeeping.post] * 3, Bookkeeping.print]),
        Attempts(of=Bookkeeping.rate, count=2),
        # What is not said is filled in: the cap of the waits, and no limit to the attempts.
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "print_statement"},
                "scheduleToStartTimeout": "300s",
                "scheduleToCloseTimeout": "600s",
                "startToCloseTimeout": "10s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"},
            },
            count=1,
        ),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "get_rate"},
                "scheduleToCloseTimeout": "45s",
                "startToCloseTimeout": "5s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 5},
            },
            count=1,
        ),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "post_entries"},
                "scheduleToCloseTimeout": "7200s",
                "startToCloseTimeout": "1800s",
                "heartbeatTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"},
            },
            count=1,
        ),
    ],
    claims=["DEF-001"],
)
