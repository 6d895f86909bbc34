"""Never forgets a failure: five in all open the breaker, whatever succeeded in between."""

from __future__ import annotations

from temporalio import workflow

from scenarios.circuit_breaker.workflow import Batch, Breaker, Charged, ChargeOrders, State


class _Resentful(Breaker):
    def succeeded(self, ticket: int) -> None:
        if self.state is not State.CLOSED:
            super().succeeded(ticket)


TRIED_WITH = ["circuit_breaker/success_in_between"]
CONVICTED_BY = "breaker_trace"


@workflow.defn(name="ChargeOrders")
class KeepsTheCount(ChargeOrders):
    """Punishes a service for its past."""

    @workflow.init
    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._breaker = _Resentful(batch.limits)

    @workflow.run
    async def run(self, batch: Batch) -> Charged:
        """Charge them."""
        return await super().run(batch)
