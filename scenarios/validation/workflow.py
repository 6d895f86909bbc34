"""Input is checked before anything is done, and wrong input fails the workflow at once and for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from scenarios.validation.activities import Expense, ExpenseActivities

REQUIRED = ("month", "number")
WITHIN = timedelta(seconds=30)


@workflow.defn
class PostExpense:
    """Posts an expense that is complete."""

    @workflow.run
    async def run(self, given: dict[str, Any]) -> str:
        """Post the expense.

        Raises:
            ApplicationError: Of type ValidationError, with what was given as its detail: something is missing.
        """
        expense = self._checked(given)
        await workflow.execute_activity_method(ExpenseActivities.post_expense, expense, start_to_close_timeout=WITHIN)
        return "Success"

    def _checked(self, given: dict[str, Any]) -> Expense:
        missing = [name for name in REQUIRED if not given.get(name)]
        if missing:
            # An ApplicationError: any other would only fail the task, and the workflow would wait for better code.
            # Its details are positional: `details=` is a TypeError, that is, such another (EXC-002, DET-001).
            raise ApplicationError(f"missing: {', '.join(missing)}", given, type="ValidationError", non_retryable=True)
        return Expense(key=workflow.info().workflow_id, month=given["month"], number=given["number"])
