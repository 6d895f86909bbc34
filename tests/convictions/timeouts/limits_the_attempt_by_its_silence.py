"""Limits an attempt by the silence it may keep: a long batch is cut off although it says that it is alive."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.timeouts.workflow import Closed, CloseMonth, Month

TRIED_WITH = ["timeouts/batch_falls_silent"]
CONVICTED_BY = "timeout_kind"


@workflow.defn(name="CloseMonth")
class LimitsTheAttemptByItsSilence(CloseMonth):
    """Takes one timeout for the other."""

    @workflow.run
    async def run(self, month: Month) -> Closed:
        """Close the month."""
        post = replace(month.post, attempt=month.post.silence or month.post.attempt, silence=None)
        return await super().run(replace(month, post=post))
