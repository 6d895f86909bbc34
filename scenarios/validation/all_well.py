"""Nothing is missing: the expense is posted."""

from __future__ import annotations

from temporalio.common import RetryPolicy

from fakes.bookkeeping import Bookkeeping
from harness import Application, EffectsInOrder, Outcome, Scenario, StartOptions
from scenarios.validation.activities import expense_activities
from scenarios.validation.workflow import PostExpense

scenario = Scenario(
    application=Application(workflows=[PostExpense], activities=expense_activities),
    workflow=PostExpense.run,
    given={"month": "May", "number": 1},
    uses=[Bookkeeping],
    # A policy that would run it again, if it were told that it is worth it.
    start=StartOptions(retry_policy=RetryPolicy(maximum_attempts=2)),
    expects=[Outcome(result="Success"), EffectsInOrder(operations=[Bookkeeping.post])],
)
