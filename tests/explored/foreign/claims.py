"""An insurance claim that keeps its stage in search attributes, by which clerks list their claims."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy, SearchAttributeKey

STAGE = SearchAttributeKey.for_keyword("ClaimStage")
AMOUNT = SearchAttributeKey.for_int("ClaimAmount")

PAID: dict[str, list[int]] = {}


@activity.defn
async def assess(claim: str) -> int:
    """Return what the damage comes to."""
    return 100 + len(claim)


@activity.defn
async def pay_out(claim: str, amount: int) -> None:
    """Pay it out, once for each claim."""
    if not PAID.get(claim):
        PAID.setdefault(claim, []).append(amount)


@activity.defn(name="pay_out")
async def pay_out_each_time(claim: str, amount: int) -> None:
    """Pay it out each time it is asked."""
    PAID.setdefault(claim, []).append(amount)


@workflow.defn
class SettleClaim:
    """Assesses and pays out."""

    @workflow.run
    async def run(self, claim: str) -> int:
        """Return what was paid."""
        workflow.upsert_search_attributes([STAGE.value_set("assessing")])
        amount = await workflow.execute_activity(
            assess,
            claim,
            start_to_close_timeout=timedelta(seconds=5),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20)),
        )
        workflow.upsert_search_attributes([STAGE.value_set("paying"), AMOUNT.value_set(amount)])
        await workflow.execute_activity(
            "pay_out",
            args=[claim, amount],
            start_to_close_timeout=timedelta(seconds=5),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20)),
        )
        workflow.upsert_search_attributes([STAGE.value_set("settled")])
        return amount
