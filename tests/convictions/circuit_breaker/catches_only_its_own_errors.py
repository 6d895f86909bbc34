"""Catches only what it raises itself, as guides print it: a call that fails ends the workflow."""

from __future__ import annotations

from temporalio import workflow

from scenarios.circuit_breaker._catches_too_little import CatchesTooLittle
from scenarios.circuit_breaker.workflow import Batch, Charged

TRIED_WITH = ["circuit_breaker/one_call_fails"]
CONVICTED_BY = "outcome"


@workflow.defn(name="ChargeOrders")
class CatchesOnlyItsOwnErrors(CatchesTooLittle):
    """Never comes to open its breaker."""

    @workflow.init
    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)

    @workflow.run
    async def run(self, batch: Batch) -> Charged:
        """Charge them."""
        return await super().run(batch)
