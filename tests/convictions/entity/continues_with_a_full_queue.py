"""Hands over its state without the queue, as guides print it: what was waiting is lost, and nobody hears of it."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.entity._state import AccountState

from scenarios.entity.workflow import Account, KeepAccount

TRIED_WITH = ["entity/all_well", "entity/flooded"]
CONVICTED_BY = "state_carried"


@workflow.defn(name="KeepAccount")
class ContinuesWithAFullQueue(KeepAccount):
    """Forgets what it has not done."""

    @workflow.init
    def __init__(self, account: Account) -> None:
        """Take over."""
        super().__init__(account)

    @workflow.run
    async def run(self, account: Account) -> AccountState:
        """Keep the account."""
        return await super().run(account)

    def _continue(self, reason: str) -> None:
        self._pending.clear()
        super()._continue(reason)
