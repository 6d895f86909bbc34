"""A real queue for what could not be processed: SQS, on moto's server or on one of the user's own."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from fakes.shapes.aws import ANYBODY, REGION, AwsService
from harness.errors import EnvironmentUnavailable
from harness.events import Event, Kept
from harness.processes.guard import ProcessGuard

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class DeadLetters(AwsService):
    """A FIFO queue of the run's own; a message is sent once for each deduplication id.

    The application's base URL is the queue's. At the end of the run every message becomes a `Kept`, by its
    deduplication id.
    """

    def __init__(self, emit: Callable[[Event], None] | None = None) -> None:
        super().__init__(emit)
        self._queue = ""

    def base_url(self, address: str) -> str:
        """Return the queue's URL, reached at HOST:PORT."""
        return f"http://{address}{urlsplit(self._queue).path}"

    async def open(self, guard: ProcessGuard, *, log: Path) -> None:
        """Make the queue."""
        await super().open(guard, log=log)
        await self._ask(self._create)

    async def take_stock(self) -> None:
        """Take every message out, and record it."""
        for message in await self._ask(self._take):
            if self._emit is not None:
                self._emit(message)

    async def stop(self) -> None:
        """Delete the queue; its server goes on for the others."""
        if self._queue:
            await self._ask(lambda sqs: sqs.delete_queue(QueueUrl=self._queue))

    async def _ask(self, what: Callable[[SQSClient], Any]) -> Any:
        sqs = _client(self.endpoint)
        try:
            return await asyncio.to_thread(what, sqs)
        except (BotoCoreError, ClientError) as error:
            raise EnvironmentUnavailable(f"the queue at {self.endpoint} cannot be used: {error}") from error

    def _create(self, sqs: SQSClient) -> None:
        name = f"{self.name()}-{secrets.token_hex(4)}.fifo"
        self._queue = sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"]

    def _take(self, sqs: SQSClient) -> list[Kept]:
        return list(self._each(sqs))

    def _each(self, sqs: SQSClient) -> Iterator[Kept]:
        while True:
            found = sqs.receive_message(
                QueueUrl=self._queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageDeduplicationId"]
            )
            if not found.get("Messages"):
                return
            for one in found["Messages"]:
                # Deleted, since what is only received holds back what stands behind it.
                sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=one["ReceiptHandle"])
                key = one["Attributes"]["MessageDeduplicationId"]
                yield Kept(service=self.name(), key=key, body=_read(one["Body"]))


@cache
def _client(endpoint: str) -> SQSClient:
    """One for all runs: to use it in several threads is safe, and making it takes as long as a dozen requests."""
    key_id, secret = ANYBODY
    return boto3.session.Session(aws_access_key_id=key_id, aws_secret_access_key=secret, region_name=REGION).client(
        "sqs",
        endpoint_url=endpoint,
        config=Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2}),
    )


def _read(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
