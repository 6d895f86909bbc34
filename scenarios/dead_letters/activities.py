"""Has items processed over HTTP, and writes what cannot be processed to a queue of dead letters."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import httpx2
from botocore.config import Config
from temporalio import activity
from temporalio.exceptions import ApplicationError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@dataclass(frozen=True)
class Work:
    """One item to process.

    Attributes:
        key: Idempotency key, the same for every try.
        batch: The batch it belongs to.
        item: Its number.
        answer_within: How long the service may take to answer.
    """

    key: str
    batch: str
    item: int
    answer_within: timedelta


@dataclass(frozen=True)
class Letter:
    """An item that could not be processed.

    Attributes:
        key: The item's idempotency key: the letter is sent once under it.
        batch: The batch it belongs to.
        item: Its number.
        retry_count: How often it was tried.
        errors: The type and the text of what went wrong, each time.
    """

    key: str
    batch: str
    item: int
    retry_count: int
    errors: list[str]


class ItemActivities:
    """The activities of the workflow, over one HTTP client and one of the queue's."""

    def __init__(self, *, items: httpx2.AsyncClient, sqs: SQSClient, queue: str) -> None:
        self._items = items
        self._sqs = sqs
        self._queue = queue

    @activity.defn
    async def process_item(self, work: Work) -> str:
        """Process one item; returns what became of it."""
        answer = await self._items.post(
            "/items",
            json={"batch": work.batch, "item": work.item},
            headers={"Idempotency-Key": work.key},
            timeout=work.answer_within.total_seconds(),
        )
        if answer.status_code >= 400:
            raise ApplicationError(f"/items answered {answer.status_code}", type="NotProcessed")
        return str(answer.json()["processed"])

    @activity.defn
    def write_dead_letter(self, letter: Letter) -> None:
        """Send a letter to the queue, once however often it is asked: the queue knows its key for five minutes.

        A reader should know it for longer, and by the same key: a retry may come later than that.
        """
        self._sqs.send_message(
            QueueUrl=self._queue,
            MessageBody=json.dumps(
                {
                    "batch": letter.batch,
                    "item": letter.item,
                    "retry_count": letter.retry_count,
                    "errors": letter.errors,
                }
            ),
            # A group each: letters need no order, and one that is being read must not hold back the others.
            MessageGroupId=letter.key,
            MessageDeduplicationId=letter.key,
        )


@asynccontextmanager
async def item_activities(
    *,
    items: str,
    dead_letters: str,
    credentials: tuple[str, str] | None = None,
    region: str | None = None,
    queue_answers_within: timedelta = timedelta(seconds=20),
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities; leaving the context closes their connections.

    Args:
        items: The base URL of the service.
        dead_letters: The URL of the queue, which must be a FIFO queue.
        credentials: Key id and secret; None for where boto3 looks for them.
        region: The queue's; None likewise.
        queue_answers_within: How long the queue may take to answer. Below the start_to_close of a write.
    """
    sqs = queue_client(dead_letters, credentials=credentials, region=region, answers_within=queue_answers_within)
    try:
        async with httpx2.AsyncClient(base_url=items, verify=_trusted()) as client:
            made = ItemActivities(items=client, sqs=sqs, queue=dead_letters)
            yield [made.process_item, made.write_dead_letter]
    finally:
        sqs.close()


def queue_client(
    queue: str,
    *,
    credentials: tuple[str, str] | None,
    region: str | None,
    answers_within: timedelta = timedelta(seconds=20),
) -> SQSClient:
    """Make a client of the server that a queue's URL names.

    Its own retries are off: two layers of retries multiply, and Temporal's are the ones that are visible.
    """
    key_id, secret = credentials or (None, None)
    parts = urlsplit(queue)
    return boto3.client(
        "sqs",
        endpoint_url=f"{parts.scheme}://{parts.netloc}",
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        region_name=region,
        config=Config(
            connect_timeout=5, read_timeout=answers_within.total_seconds(), retries={"total_max_attempts": 1}
        ),
    )


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
