"""Keeps what was approved and what was rejected apart, as guides print it: a rejection wins, whenever it comes."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from temporalio.exceptions import ApplicationError

from scenarios.approval.workflow import Approve, Decision, Request, Settled, Taken

TRIED_WITH = ["approval/decided_early_and_again"]
CONVICTED_BY = "no_double_decision"


@workflow.defn(name="Approve")
class LetsARejectionWin(Approve):
    """A rejection is looked for before an approval."""

    @workflow.init
    def __init__(self, request: Request) -> None:
        """Know the levels."""
        super().__init__(request)

    @workflow.run
    async def run(self, request: Request) -> Settled:
        """See the request to its end."""
        return await super().run(request)

    def _refusal(self, decision: Decision) -> ApplicationError | None:
        standing = self._decisions.get(decision.level)
        if standing and standing.approved and not decision.approved:
            return None
        return super()._refusal(decision)

    def _take(self, decision: Decision) -> Taken:
        self._decisions.pop(decision.level, None)
        return super()._take(decision)
