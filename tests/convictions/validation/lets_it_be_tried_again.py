"""Does not mark its refusal: the workflow's policy runs it again, with the same input."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from scenarios.validation.workflow import PostExpense

TRIED_WITH = ["validation/field_missing"]
CONVICTED_BY = "recorded"


@workflow.defn(name="PostExpense")
class LetsItBeTriedAgain(PostExpense):
    """Hopes that the field appears."""

    @workflow.run
    async def run(self, given: dict[str, Any]) -> str:
        """Post the expense."""
        try:
            return await super().run(given)
        except ApplicationError as refusal:
            raise ApplicationError(refusal.message, given, type=refusal.type) from None
