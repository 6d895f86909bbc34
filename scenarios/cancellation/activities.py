"""Works through data chunk by chunk over HTTP, notices a cancellation at a heartbeat, and cleans up."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx2
from temporalio import activity
from temporalio.exceptions import ApplicationError


@dataclass(frozen=True)
class Chunks:
    """Data to work through.

    Attributes:
        operation: Which operation it is for.
        size: How much data.
        chunk: How much of it is processed at a time.
        answer_within: How long the service may take for one chunk.
    """

    operation: str
    size: int
    chunk: int
    answer_within: timedelta


class OperationActivities:
    """The activity of the cancellable workflow, over one HTTP client."""

    def __init__(self, items: httpx2.AsyncClient) -> None:
        self._items = items

    @activity.defn
    async def work_through(self, chunks: Chunks) -> str:
        """Process every chunk; cancelled or failing for good, clean up what was done. Heartbeats {"processed"}."""
        processed = 0
        try:
            while processed < chunks.size:
                await self._process(chunks, processed)
                processed = min(processed + chunks.chunk, chunks.size)
                # Only so does it learn of a request to cancel; the SDK then cancels this task (CAN-001, CAN-003).
                activity.heartbeat({"processed": processed})
        except asyncio.CancelledError:
            why = activity.cancellation_details()
            if why is not None and why.cancel_requested:
                await self._clean_up(chunks, processed)
            # Raised again, or the activity would count as completed (CAN-004).
            raise
        return f"Processed {processed} of {chunks.size}"

    async def _process(self, chunks: Chunks, begin: int) -> None:
        answer = await self._items.post(
            "/items",
            json={"batch": chunks.operation, "item": begin},
            headers={"Idempotency-Key": _key(chunks, begin)},
            timeout=chunks.answer_within.total_seconds(),
        )
        _refuse_error(answer)

    async def _clean_up(self, chunks: Chunks, processed: int) -> None:
        """Discard what was done, latest first, and the chunk in hand, whose answer was cut off."""
        for begin in reversed(range(0, min(processed + 1, chunks.size), chunks.chunk)):
            answer = await self._items.delete(
                f"/items/{_key(chunks, begin)}", timeout=chunks.answer_within.total_seconds()
            )
            _refuse_error(answer)
            activity.heartbeat({"processed": begin})


@asynccontextmanager
async def operation_activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL; leaving the context closes its connections."""
    async with httpx2.AsyncClient(base_url=items, verify=_trusted()) as client:
        yield [OperationActivities(client).work_through]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _key(chunks: Chunks, begin: int) -> str:
    return f"{chunks.operation}:{begin}"


def _refuse_error(answer: httpx2.Response) -> None:
    """Turn an HTTP error into a failure that says whether to try again."""
    if answer.status_code < 400:
        return
    text = f"{answer.request.url.path} answered {answer.status_code}: {answer.text}"
    if answer.status_code < 500 and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(text, type="Refused", non_retryable=True)
    raise ApplicationError(text, type="ServiceUnavailable")
