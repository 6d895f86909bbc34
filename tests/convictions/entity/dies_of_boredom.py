"""Takes the end of an idle wait for an error, as guides print it: an account to which nothing is posted fails."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.entity._state import AccountState

from scenarios.entity.workflow import Account, KeepAccount

TRIED_WITH = ["entity/idle_for_a_week"]
CONVICTED_BY = "outcome"


@workflow.defn(name="KeepAccount")
class DiesOfBoredom(KeepAccount):
    """Catches nothing."""

    @workflow.init
    def __init__(self, account: Account) -> None:
        """Take over."""
        super().__init__(account)

    @workflow.run
    async def run(self, account: Account) -> AccountState:
        """Keep the account."""
        return await super().run(account)

    async def _something_to_do(self) -> None:
        await workflow.wait_condition(lambda: bool(self._pending) or self._closed, timeout=self._account.idle)
