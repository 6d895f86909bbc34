"""Passes the details by keyword, as it is printed: a TypeError takes the place of the validation's failure."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from scenarios.validation.workflow import REQUIRED, PostExpense

TRIED_WITH = ["validation/field_missing", "validation/field_empty"]
CONVICTED_BY = "outcome"


# What is printed stands still for ever; made to fail, it shows as what.
@workflow.defn(name="PostExpense", failure_exception_types=[TypeError])
class PassesDetailsByKeyword(PostExpense):
    """Refuses in vain."""

    @workflow.run
    async def run(self, given: dict[str, Any]) -> str:
        """Post the expense."""
        if not all(given.get(name) for name in REQUIRED):
            raise ApplicationError("missing", type="ValidationError", non_retryable=True, details=[given])  # type: ignore[call-arg]
        return await super().run(given)
