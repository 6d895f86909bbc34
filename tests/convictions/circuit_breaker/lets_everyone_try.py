"""Lets everybody through who comes while it is half open: a service that gets up is run over."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

from scenarios.circuit_breaker.workflow import Batch, Breaker, Charged, ChargeOrders


class _Crowded(Breaker):
    def let_through(self, now: datetime) -> int | None:
        self.on_trial = False
        return super().let_through(now)


TRIED_WITH = ["circuit_breaker/side_by_side"]
CONVICTED_BY = "breaker_trace"


@workflow.defn(name="ChargeOrders")
class LetsEveryoneTry(ChargeOrders):
    """Keeps no count of those on trial."""

    @workflow.init
    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._breaker = _Crowded(batch.limits)

    @workflow.run
    async def run(self, batch: Batch) -> Charged:
        """Charge them."""
        return await super().run(batch)
