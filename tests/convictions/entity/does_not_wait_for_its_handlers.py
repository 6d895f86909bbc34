"""Continues as new while updates are being handled: what they were to do is not done, and they are never answered."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.entity._state import AccountState
    from scenarios.entity.activities import Posting

from scenarios.entity.workflow import Account, KeepAccount

TRIED_WITH = ["entity/asked_while_busy"]
CONVICTED_BY = "state_carried"


@workflow.defn(name="KeepAccount")
class DoesNotWaitForItsHandlers(KeepAccount):
    """Looks only at its own queue."""

    @workflow.init
    def __init__(self, account: Account) -> None:
        """Take over."""
        super().__init__(account)

    @workflow.run
    async def run(self, account: Account) -> AccountState:
        """Keep the account."""
        while not (self._closed and not self._pending):
            await self._something_to_do()
            while self._pending and not self._over():
                await self._make_the_first()
            if reason := self._over():
                self._continue(reason)
        return self.state()

    # Told not to, the SDK does not even warn.
    @workflow.update(unfinished_policy=workflow.HandlerUnfinishedPolicy.ABANDON)
    async def withdraw(self, posting: Posting) -> int:  # type: ignore[override]
        """Make a posting now."""
        async with self._one_at_a_time:
            return await self._make(posting)
