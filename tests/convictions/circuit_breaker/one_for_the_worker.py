"""Keeps its breaker in a module, for all executions on the worker: what replays finds it as others left it."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    # Not loaded anew for each run, as workflow modules are: its globals are the whole worker process's.
    from scenarios.circuit_breaker import activities as passed_through

from scenarios.circuit_breaker.workflow import Batch, Charged, ChargeOrders

_SHARED: dict[str, Any] = vars(passed_through).setdefault("_breakers", {})

TRIED_WITH = ["circuit_breaker/service_down"]
CONVICTED_BY = "replays_cleanly"


@workflow.defn(name="ChargeOrders")
class OneForTheWorker(ChargeOrders):
    """Depends on what its process has seen."""

    @workflow.init
    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._breaker = _SHARED.setdefault("payments", self._breaker)

    @workflow.run
    async def run(self, batch: Batch) -> Charged:
        """Charge them."""
        return await super().run(batch)
