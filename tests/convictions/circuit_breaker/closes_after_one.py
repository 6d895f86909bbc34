"""Closes with the first call that succeeds on trial, whatever its settings say."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.circuit_breaker.workflow import Batch, Breaker, Charged, ChargeOrders

TRIED_WITH = ["circuit_breaker/recovers", "circuit_breaker/relapses"]
CONVICTED_BY = "breaker_trace"


@workflow.defn(name="ChargeOrders")
class ClosesAfterOne(ChargeOrders):
    """Trusts too soon."""

    @workflow.init
    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._breaker = Breaker(replace(batch.limits, successes=1))

    @workflow.run
    async def run(self, batch: Batch) -> Charged:
        """Charge them."""
        return await super().run(batch)
