"""Processes items over HTTP, and keeps checkpoints of what was done in an object storage."""

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
from botocore.exceptions import ClientError
from temporalio import activity

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@dataclass(frozen=True)
class Item:
    """One item to process.

    Attributes:
        key: Idempotency key, the same for every attempt and every run.
        batch: The batch it belongs to.
        item: Its number.
        answer_within: How long the service may take.
    """

    key: str
    batch: str
    item: int
    answer_within: timedelta


@dataclass(frozen=True)
class Checkpoint:
    """What was done since the checkpoint before it: not all that was ever done.

    Attributes:
        series: Whose checkpoint.
        number: Which one, from 1, without gaps.
        processed: The items that were processed, sorted.
        failed: The items that were given up, sorted.
    """

    series: str
    number: int
    processed: list[int]
    failed: list[int]


@dataclass(frozen=True)
class Behind:
    """Asks for the checkpoints of a series behind a number."""

    series: str
    number: int


class CheckpointActivities:
    """The activities of the workflow, over one HTTP client and one of the storage's."""

    def __init__(self, *, items: httpx2.AsyncClient, s3: S3Client, bucket: str) -> None:
        self._items = items
        self._s3 = s3
        self._bucket = bucket

    @activity.defn
    async def process_item(self, item: Item) -> None:
        """Have an item processed."""
        answer = await self._items.post(
            "/items",
            json={"batch": item.batch, "item": item.item},
            headers={"Idempotency-Key": item.key},
            timeout=item.answer_within.total_seconds(),
        )
        answer.raise_for_status()

    @activity.defn
    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Store a checkpoint under its number. Stored again by a further attempt, it is the same object."""
        content = {"number": checkpoint.number, "processed": checkpoint.processed, "failed": checkpoint.failed}
        self._s3.put_object(
            Bucket=self._bucket,
            Key=_key(checkpoint.series, checkpoint.number),
            Body=json.dumps(content).encode(),
            ContentType="application/json",
        )

    @activity.defn
    def read_checkpoints(self, behind: Behind) -> list[Checkpoint]:
        """Return the checkpoints behind a number, up to the first that is not there."""
        found: list[Checkpoint] = []
        while True:
            number = behind.number + len(found) + 1
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=_key(behind.series, number))
            except ClientError as error:
                if error.response["Error"]["Code"] == "NoSuchKey":
                    return found
                raise
            content = json.loads(answer["Body"].read())
            found.append(Checkpoint(series=behind.series, **content))


@asynccontextmanager
async def checkpoint_activities(
    *,
    items: str,
    objects: str,
    credentials: tuple[str, str] | None = None,
    region: str | None = None,
    storage_answers_within: timedelta = timedelta(seconds=20),
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities; leaving the context closes their connections.

    Args:
        items: The base URL of the service.
        objects: The URL of the bucket, its name in the path.
        credentials: Key id and secret; None for where boto3 looks for them.
        region: The storage's; None likewise.
        storage_answers_within: How long the storage may take for one request. Below the activities' start_to_close.
    """
    key_id, secret = credentials or (None, None)
    parts = urlsplit(objects)
    s3 = boto3.client(
        "s3",
        endpoint_url=f"{parts.scheme}://{parts.netloc}",
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        region_name=region,
        # Its own retries are off: Temporal's are the ones that are visible.
        config=Config(
            connect_timeout=5,
            read_timeout=storage_answers_within.total_seconds(),
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )
    try:
        async with httpx2.AsyncClient(base_url=items, verify=_trusted()) as client:
            made = CheckpointActivities(items=client, s3=s3, bucket=parts.path.strip("/"))
            yield [made.process_item, made.save_checkpoint, made.read_checkpoints]
    finally:
        s3.close()


def _key(series: str, number: int) -> str:
    return f"checkpoints/{series}/{number:06}.json"


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
