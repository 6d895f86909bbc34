"""Looks whether its run is over only when nothing is pending, as guides print it: under a stream, that is never."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.entity._state import AccountState

from scenarios.entity.workflow import Account, KeepAccount

TRIED_WITH = ["entity/renewed_when_suggested"]
CONVICTED_BY = "history_bounded"


@workflow.defn(name="KeepAccount")
class DrainsBeforeItLooks(KeepAccount):
    """Makes all that is pending, however much that is."""

    @workflow.init
    def __init__(self, account: Account) -> None:
        """Take over."""
        super().__init__(account)

    @workflow.run
    async def run(self, account: Account) -> AccountState:
        """Keep the account."""
        while not self._closed or self._pending:
            await self._something_to_do()
            while self._pending:
                await self._make_the_first()
            if not self._closed and (reason := self._over()):
                self._continue(reason)
        return self.state()
