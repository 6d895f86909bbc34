"""The charge without an idempotency key: the service cannot tell a repetition from a second charge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from temporalio import activity

from scenarios.worker_loss.activities import Step, order_activities


@asynccontextmanager
async def keyless_activities(*, payments: str, parcels: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs, all but the charge as they should be."""
    async with (
        order_activities(payments=payments, parcels=parcels) as sound,
        httpx2.AsyncClient(base_url=payments, verify=False) as client,
    ):

        @activity.defn
        async def charge(step: Step) -> str:
            """Charge the card."""
            answer = await client.post(
                "/charges",
                json={"order": step.order, "cents": step.cents},
                timeout=step.answer_within.total_seconds(),
            )
            return str(answer.json()["charge"])

        yield [*(one for one in sound if one.__name__ != "charge"), charge]
