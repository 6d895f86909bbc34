"""Continues as new with the arguments it was begun with: balance, count and queue begin again at nothing."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.entity._state import AccountState

from scenarios.entity.workflow import Account, KeepAccount

TRIED_WITH = ["entity/all_well"]
CONVICTED_BY = "outcome"


@workflow.defn(name="KeepAccount")
class BeginsWithWhatItWasGiven(KeepAccount):
    """Has no memory, but for whether it is to be closed."""

    @workflow.init
    def __init__(self, account: Account) -> None:
        """Take over."""
        super().__init__(account)

    @workflow.run
    async def run(self, account: Account) -> AccountState:
        """Keep the account."""
        return await super().run(account)

    def _continue(self, reason: str) -> None:
        workflow.continue_as_new(Account(**vars(self._account) | {"state": {"version": 2, "closed": self._closed}}))
