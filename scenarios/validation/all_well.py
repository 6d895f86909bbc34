"""Nothing is missing: the expense is posted."""

from __future__ import annotations

from temporalio.common import RetryPolicy

from fakes.bookkeeping import Bookkeeping
from harness import Application, EffectsInOrder, NoItemLost, Outcome, Recorded, Scenario, StartOptions
from scenarios.validation.activities import expense_activities
from scenarios.validation.workflow import PostExpense

scenario = Scenario(
    application=Application(workflows=[PostExpense], activities=expense_activities),
    workflow=PostExpense.run,
    given={"month": "May", "number": 1},
    uses=[Bookkeeping],
    # A policy that would run it again, if it were told that it is worth it.
    start=StartOptions(retry_policy=RetryPolicy(maximum_attempts=2)),
    expects=[
        Outcome(result="Success"),
        EffectsInOrder(operations=[Bookkeeping.post]),
        NoItemLost(of=Bookkeeping.post, per="month", items=["May"]),
        NoItemLost(of=Bookkeeping.post, per="number", items=[1]),
        # What is asked of the server: tried until it succeeds, and each attempt has half a minute.
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"},
            },
            count=1,
        ),
    ],
)
