"""Continues as new inside a signal handler, while a posting is being made: no run ever hears what came of it."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.entity._state import AccountState
    from scenarios.entity.activities import Posting

from scenarios.entity.workflow import Account, KeepAccount

TRIED_WITH = ["entity/all_well"]
CONVICTED_BY = "outcome"


@workflow.defn(name="KeepAccount")
class ContinuesInsideAHandler(KeepAccount):
    """Takes a posting out of the queue before it is made, and ends the run whenever enough have come."""

    @workflow.init
    def __init__(self, account: Account) -> None:
        """Take over."""
        super().__init__(account)
        self._came = 0

    @workflow.run
    async def run(self, account: Account) -> AccountState:
        """Keep the account."""
        return await super().run(account)

    @workflow.signal
    def post(self, posting: Posting) -> None:
        """Have a posting made, or end the run."""
        super().post(posting)
        self._came += 1
        if self._came == 5:
            self._pending = self._pending[1:]
            self._continue("signals")
