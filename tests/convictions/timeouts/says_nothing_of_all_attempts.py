"""Limits each attempt and forgets all of them together: what cannot work is tried for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio import workflow

from scenarios.timeouts.workflow import Closed, CloseMonth, Month

TRIED_WITH = ["timeouts/all_well"]
CONVICTED_BY = "recorded"


@workflow.defn(name="CloseMonth")
class SaysNothingOfAllAttempts(CloseMonth):
    """Would notice only when nothing works."""

    @workflow.run
    async def run(self, month: Month) -> Closed:
        """Close the month."""
        return await super().run(replace(month, print=replace(month.print, in_all=timedelta(days=3650))))
