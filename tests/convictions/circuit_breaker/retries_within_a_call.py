"""Asks up to three times within one activity: the breaker counts one failure where the service was called thrice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.circuit_breaker.activities import Charge, charge_activities

TRIED_WITH = ["circuit_breaker/success_in_between"]
CONVICTED_BY = "breaker_trace"


@asynccontextmanager
async def activities(*, payments: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL."""
    async with charge_activities(payments=payments) as sound:
        [asks] = sound

        @activity.defn
        async def charge(wanted: Charge) -> str:
            for _ in range(2):
                try:
                    return str(await asks(wanted))
                except ApplicationError:
                    pass
            return str(await asks(wanted))

        yield [charge]
