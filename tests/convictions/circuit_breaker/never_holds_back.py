"""Opens, says so, and calls the service all the same."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

from scenarios.circuit_breaker.workflow import Batch, Breaker, Charged, ChargeOrders


class _Talker(Breaker):
    def let_through(self, now: datetime) -> int | None:
        ticket = super().let_through(now)
        return self._ticket if ticket is None else ticket


TRIED_WITH = ["circuit_breaker/service_down"]
CONVICTED_BY = "breaker_trace"


@workflow.defn(name="ChargeOrders")
class NeverHoldsBack(ChargeOrders):
    """Only talks."""

    @workflow.init
    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._breaker = _Talker(batch.limits)

    @workflow.run
    async def run(self, batch: Batch) -> Charged:
        """Charge them."""
        return await super().run(batch)
