"""Works through a batch over HTTP, item by item, so that any attempt can go on where an earlier one was.

An item's key is the same in every attempt: those after the last heartbeat that the server heard of are asked for
again after a crash, and must then be recognized (HB-004).
"""

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
class Work:
    """A batch to work through.

    Attributes:
        batch: Its id.
        items: How many items it has, numbered from 0.
        answer_within: How long the service may take for one item.
    """

    batch: str
    items: int
    answer_within: timedelta


@dataclass(frozen=True)
class Processed:
    """What became of a batch.

    Attributes:
        processed: How many items are done.
        resumed_from: How many of them earlier attempts had done, as far as the last attempt knew.
    """

    processed: int
    resumed_from: int


class BatchActivities:
    """The activity of the batch workflow, over one HTTP client."""

    def __init__(self, items: httpx2.AsyncClient) -> None:
        self._items = items

    @activity.defn
    async def process_batch(self, work: Work) -> Processed:
        """Process each item, going on where earlier attempts were. Heartbeats {"processed", "total"}."""
        begun = processed = self._progress()
        try:
            while processed < work.items:
                await self._process(work, processed)
                processed += 1
                # Now that its effect is made, and not before: else a crash between the two would skip the item.
                activity.heartbeat({"processed": processed, "total": work.items})
        except asyncio.CancelledError:
            if self._is_worthless():
                await self._discard(work, processed)
            raise
        return Processed(processed=processed, resumed_from=begun)

    def _progress(self) -> int:
        """How many items earlier attempts had done, as far as the server has heard."""
        details = activity.info().heartbeat_details
        return int(details[0]["processed"]) if details else 0

    def _is_worthless(self) -> bool:
        """Whether what was done is of no use to anybody any more, now that the attempt was cancelled.

        It is also cancelled when its worker shuts down, and when another attempt has taken its place. What was done
        is then what that one builds on; only a request to cancel makes it worthless (HB-008).
        """
        why = activity.cancellation_details()
        return why is not None and why.cancel_requested

    async def _process(self, work: Work, item: int) -> None:
        answer = await self._items.post(
            "/items",
            json={"batch": work.batch, "item": item},
            headers={"Idempotency-Key": _key(work, item)},
            timeout=work.answer_within.total_seconds(),
        )
        _refuse_error(answer)

    async def _discard(self, work: Work, processed: int) -> None:
        # The one after those counted may have been done, too, when its answer was cut off.
        for item in reversed(range(min(processed + 1, work.items))):
            timeout = work.answer_within.total_seconds()
            _refuse_error(await self._items.delete(f"/items/{_key(work, item)}", timeout=timeout))
            activity.heartbeat({"processed": item, "total": work.items})


@asynccontextmanager
async def batch_activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL; leaving the context closes its connections."""
    async with httpx2.AsyncClient(base_url=items, verify=_trusted()) as client:
        yield [BatchActivities(client).process_batch]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _key(work: Work, item: int) -> str:
    return f"{work.batch}:{item}"


def _refuse_error(answer: httpx2.Response) -> None:
    """Turn an HTTP error into a failure that says whether to try again."""
    if answer.status_code < 400:
        return
    text = f"{answer.request.url.path} answered {answer.status_code}: {answer.text}"
    if answer.status_code < 500 and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(text, type="Refused", non_retryable=True)
    raise ApplicationError(text, type="ServiceUnavailable")
