"""Tries again inside the activity, which is tried again: three times three calls at a service that is down anyway."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from temporalio import activity

from scenarios.error_handling.activities import Enquiry, ServiceError, enquiry_activities

TRIED_WITH = ["error_handling/unavailable"]
CONVICTED_BY = "amplification"


@asynccontextmanager
async def activities(*, enquiries: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL."""
    async with enquiry_activities(enquiries=enquiries) as (asking,):

        @activity.defn
        async def ask(enquiry: Enquiry) -> str:
            for _ in range(2):
                with suppress(ServiceError):
                    return str(await asking(enquiry))
            return str(await asking(enquiry))

        yield [ask]
