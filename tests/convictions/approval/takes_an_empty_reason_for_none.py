"""Tells a rejection by its reason, as guides print it: where that is empty, what was rejected is paid for."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.approval.workflow import Approve, Decision, Request, Settled, Taken

TRIED_WITH = ["approval/rejected_without_a_reason"]
CONVICTED_BY = "no_double_decision"


@workflow.defn(name="Approve")
class TakesAnEmptyReasonForNone(Approve):
    """What has no reason against it is approved."""

    @workflow.init
    def __init__(self, request: Request) -> None:
        """Know the levels."""
        super().__init__(request)

    @workflow.run
    async def run(self, request: Request) -> Settled:
        """See the request to its end."""
        return await super().run(request)

    def _take(self, decision: Decision) -> Taken:
        return super()._take(replace(decision, approved=not decision.reason))
