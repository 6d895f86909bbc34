"""Keeps large data in an object storage; what goes through the workflow are references to it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import boto3
import httpx2
from botocore.config import Config
from temporalio import activity
from temporalio.exceptions import ApplicationError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

T = TypeVar("T")

SILENT_AT_MOST = timedelta(seconds=10)
"""How long an activity without a heartbeat timeout is silent."""


@dataclass(frozen=True)
class DataReference:
    """Where data lie, and by what they are known to be the same.

    Attributes:
        storage_key: The object's key.
        size_bytes: How large it is.
        checksum: The SHA-256 of its bytes, in hexadecimal.
        storage_type: What kind of storage it lies in.
    """

    storage_key: str
    size_bytes: int
    checksum: str
    storage_type: str = "s3"


@dataclass(frozen=True)
class Load:
    """What to fetch, and where to put it.

    Attributes:
        dataset: Which data set.
        storage_key: The key of its object, the same for every attempt.
        answer_within: How long the database may take.
    """

    dataset: str
    storage_key: str
    answer_within: timedelta


@dataclass(frozen=True)
class Process:
    """What to process, and where to put what comes of it."""

    data: DataReference
    report_key: str


@dataclass(frozen=True)
class Report:
    """What came of a data set.

    Attributes:
        records: How many there were.
        cents: Their sum.
        report: The report on them.
    """

    records: int
    cents: int
    report: DataReference


class DataActivities:
    """The activities of the workflow, over one HTTP client and one of the storage's."""

    def __init__(self, *, datasets: httpx2.AsyncClient, s3: S3Client, bucket: str) -> None:
        self._datasets = datasets
        self._s3 = s3
        self._bucket = bucket

    @activity.defn
    async def load_and_store(self, load: Load) -> DataReference:
        """Fetch a data set and store it. Stored again by a further attempt, it is the same object."""
        return await beating(self._load_and_store(load))

    @activity.defn
    async def process(self, process: Process) -> Report:
        """Add up a data set, and store a report.

        Raises:
            ApplicationError: ChecksumMismatch: these are not the data that were stored.
        """
        return await beating(asyncio.to_thread(self._process, process))

    @activity.defn
    async def delete(self, storage_key: str) -> None:
        """Delete an object; that there is none is fine, too."""
        await asyncio.to_thread(self._s3.delete_object, Bucket=self._bucket, Key=storage_key)

    async def _load_and_store(self, load: Load) -> DataReference:
        answer = await self._datasets.get(f"/datasets/{load.dataset}", timeout=load.answer_within.total_seconds())
        answer.raise_for_status()
        return await asyncio.to_thread(self._store, answer.json()["records"], load.storage_key)

    def _process(self, process: Process) -> Report:
        records = self._read(process.data)
        cents = [record["cents"] for record in records]
        report = {"records": len(cents), "cents": sum(cents), "dearest": max(cents, default=0)}
        return Report(records=len(cents), cents=sum(cents), report=self._store(report, process.report_key))

    def _store(self, value: Any, key: str) -> DataReference:
        # Equal data are equal bytes, so that a further attempt stores what stands there already.
        raw = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=raw, ContentType="application/json")
        return DataReference(storage_key=key, size_bytes=len(raw), checksum=hashlib.sha256(raw).hexdigest())

    def _read(self, data: DataReference) -> Any:
        raw = self._s3.get_object(Bucket=self._bucket, Key=data.storage_key)["Body"].read()
        found = hashlib.sha256(raw).hexdigest()
        if (len(raw), found) != (data.size_bytes, data.checksum):
            # Tried again: what was damaged on its way is whole the next time, what was damaged at rest is not.
            text = (
                f"{data.storage_key} has {len(raw)} bytes with {found}, stored were {data.size_bytes} with "
                f"{data.checksum}"
            )
            raise ApplicationError(text, type="ChecksumMismatch")
        return json.loads(raw)


async def beating(work: Coroutine[Any, Any, T]) -> T:
    """Do blocking work, and heartbeat until it is done: also through JSON and requests that take long.

    A cancelled attempt ends when its work does. A thread cannot be stopped, and what it stores must stand before
    anybody cleans up.
    """
    silent = activity.info().heartbeat_timeout or SILENT_AT_MOST
    working = asyncio.create_task(work)
    cancelled = False
    while not working.done():
        activity.heartbeat()
        try:
            await asyncio.wait([working], timeout=silent.total_seconds() / 4)
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        working.exception()  # asked for, since nobody else will
        raise asyncio.CancelledError
    return working.result()


@asynccontextmanager
async def data_activities(
    *,
    datasets: str,
    objects: str,
    credentials: tuple[str, str] | None = None,
    region: str | None = None,
    storage_answers_within: timedelta = timedelta(seconds=20),
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities; leaving the context closes their connections.

    Args:
        datasets: The base URL of the database.
        objects: The URL of the bucket, its name in the path.
        credentials: Key id and secret; None for where boto3 looks for them.
        region: The storage's; None likewise.
        storage_answers_within: How long the storage may take for one request. Below the activities' start_to_close.
    """
    s3, bucket = storage_client(objects, credentials=credentials, region=region, answers_within=storage_answers_within)
    try:
        async with httpx2.AsyncClient(base_url=datasets, verify=_trusted()) as client:
            made = DataActivities(datasets=client, s3=s3, bucket=bucket)
            yield [made.load_and_store, made.process, made.delete]
    finally:
        s3.close()


def storage_client(
    objects: str,
    *,
    credentials: tuple[str, str] | None,
    region: str | None,
    answers_within: timedelta = timedelta(seconds=20),
) -> tuple[S3Client, str]:
    """Make a client of the storage that a bucket's URL names, and return it with the bucket's name.

    Its own retries are off: two layers of retries multiply, and Temporal's are the ones that are visible.
    """
    key_id, secret = credentials or (None, None)
    parts = urlsplit(objects)
    client = boto3.client(
        "s3",
        endpoint_url=f"{parts.scheme}://{parts.netloc}",
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        region_name=region,
        config=Config(
            connect_timeout=5,
            read_timeout=answers_within.total_seconds(),
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )
    return client, parts.path.strip("/")


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
