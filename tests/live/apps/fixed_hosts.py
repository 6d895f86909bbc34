"""An application with https hosts written into its code: it charges a card with each of five HTTP clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy


@dataclass(frozen=True)
class Charge:
    """What to charge.

    Attributes:
        client: Which of `CLIENTS` in `fixed_hosts_activities`.
        url: Where.
        attempts: How many.
    """

    client: str
    url: str = "https://api.pay.example/v1/charges"
    attempts: int = 2


@workflow.defn
class ChargeCard:
    """Charges a card once."""

    @workflow.run
    async def run(self, charge: Charge) -> str:
        """Return the id of the charge."""
        id_: str = await workflow.execute_activity(
            "charge",
            args=[charge, workflow.info().workflow_id],
            result_type=str,
            start_to_close_timeout=timedelta(seconds=20),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=10), maximum_attempts=charge.attempts),
        )
        return id_
