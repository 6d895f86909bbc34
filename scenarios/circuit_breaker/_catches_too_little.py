"""The charging workflow as guides print it: it catches what it raises itself, and a failed call is something else."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from scenarios.circuit_breaker.workflow import Batch, Charged, ChargeOrders, Result


@workflow.defn(name="ChargeOrders")
class CatchesTooLittle(ChargeOrders):
    """Ends with the first call that fails."""

    @workflow.init
    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)

    @workflow.run
    async def run(self, batch: Batch) -> Charged:
        """Charge them."""
        return await super().run(batch)

    async def _see_to(self, order: str, batch: Batch) -> None:
        self._charged.total += 1
        try:
            said = await self._charge(order, batch)
        except ApplicationError as error:
            self._charged.rejected += 1
            self._charged.results.append(Result(order=order, status="rejected", said=error.message))
        else:
            self._charged.successful += 1
            self._charged.results.append(Result(order=order, status="charged", said=said))
