"""A real storage of objects: S3's protocol, on moto's server or on one of the user's own, each call in the journal."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import ssl
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import httpx2
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from fakes.shapes.aws import ANYBODY, REGION, missing, server
from harness.errors import EnvironmentUnavailable
from harness.events import EffectApplied, EffectRepeated, EffectUndone, Kept
from harness.processes.guard import ProcessGuard
from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

READ_UP_TO = 64 * 1024
"""Up to how many bytes an object is recorded with its content, if that is JSON."""

OF_THE_HOP = {"connection", "content-length", "date", "expect", "keep-alive", "server", "transfer-encoding"}
"""Headers of one connection only, which are not forwarded."""


class Objects(FakeService):
    """Stores objects in the run's own bucket, with S3's protocol.

    A call is passed on to the storage as it came. What an object's last PUT changed is an effect under the object's
    key: applied, or repeated when the very same content stood there; a DELETE takes it back. At the end of the run
    every object becomes a `Kept`. The application's base URL is the bucket's.

    Attributes:
        storage: The URL of the server behind it.
    """

    storage = ""
    _bucket = ""

    @classmethod
    def missing(cls) -> str | None:
        """Say that moto is not installed, and how to get it."""
        return missing()

    def base_url(self, address: str) -> str:
        """Return the bucket's URL, reached at HOST:PORT."""
        return f"http://{address}/{self._bucket}"

    def read(self, raw: bytes) -> tuple[Any, str | None]:
        """Return how large an object is, and its checksum: not the object."""
        return (_told(raw) if raw else None), None

    async def prepare(self, guard: ProcessGuard, *, log: Path) -> None:
        """Have the storage, and make the bucket."""
        self.storage = f"http://{await server(guard, log=log)}"
        self._standing: dict[str, str] = {}
        bucket = f"{self.name()}-{secrets.token_hex(4)}"
        await self._ask(lambda s3: s3.create_bucket(Bucket=bucket))
        self._client = httpx2.AsyncClient(base_url=self.storage, verify=_trusted(), trust_env=False, timeout=30)
        self._bucket = bucket

    async def take_stock(self) -> None:
        """Record every object that the bucket holds."""
        for kept in await self._ask(self._held):
            self.record(kept)

    async def stop(self) -> None:
        """Delete the bucket; its server goes on for the others."""
        await super().stop()
        if self._bucket:
            await self._client.aclose()
            await self._ask(self._emptied)
            self._bucket = ""

    @operation("PUT /{bucket}/{key:path}")
    async def put(self, call: Call) -> Reply:
        """Store an object under its key; an object that exists there is replaced."""
        reply = await self._pass_on(call)
        if reply.status < 300 and call.key is not None:
            etag = reply.headers.get("etag", "")
            # Not by the ledger, which refuses what was undone before: a storage takes it again.
            kind = EffectRepeated if etag and self._standing.get(call.key) == etag else EffectApplied
            self._standing[call.key] = etag
            self.record(kind(service=self.name(), operation=call.operation, call=call.id, key=call.key))
        return reply

    @operation("GET /{bucket}/{key:path}")
    async def get(self, call: Call) -> Reply:
        """Return an object, or by HEAD what it is like; 404 where there is none."""
        return await self._pass_on(call)

    @operation("DELETE /{bucket}/{key:path}", undoes=put)
    async def delete(self, call: Call) -> Reply:
        """Delete an object; none being there is fine, too."""
        reply = await self._pass_on(call)
        key = call.key or ""
        if reply.status < 300 and self._standing.pop(key, None) is not None:
            self.record(
                EffectUndone(service=self.name(), operation=call.operation, undoes="put", call=call.id, key=key)
            )
        return reply

    async def _pass_on(self, call: Call) -> Reply:
        sent = call.sent
        try:
            answer = await self._client.request(
                sent.method,
                sent.target,
                content=sent.content,
                headers={name: value for name, value in sent.headers.items() if name not in OF_THE_HOP},
            )
        except httpx2.HTTPError as error:
            return Reply(status=502, body={"error": f"the storage at {self.storage} cannot be reached: {error!r}"})
        # A HEAD is told by this header alone how large the object is.
        hop = OF_THE_HOP - {"content-length"} if sent.method == "HEAD" else OF_THE_HOP
        about = {name: value for name, value in answer.headers.items() if name.lower() not in hop}
        return Reply(status=answer.status_code, raw=answer.content, headers=about)

    async def _ask(self, what: Callable[[S3Client], Any]) -> Any:
        try:
            return await asyncio.to_thread(what, _client(self.storage))
        except (BotoCoreError, ClientError) as error:
            raise EnvironmentUnavailable(f"the storage at {self.storage} cannot be used: {error}") from error

    def _keys(self, s3: S3Client) -> list[str]:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        return [one["Key"] for page in pages for one in page.get("Contents", ())]

    def _held(self, s3: S3Client) -> list[Kept]:
        held = []
        for key in self._keys(s3):
            content = s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            held.append(Kept(service=self.name(), key=key, body={**_told(content), "content": _read(content)}))
        return held

    def _emptied(self, s3: S3Client) -> None:
        for key in self._keys(s3):
            s3.delete_object(Bucket=self._bucket, Key=key)
        s3.delete_bucket(Bucket=self._bucket)


@cache
def _trusted() -> ssl.SSLContext:
    """One for all runs: reading the certificates takes as long as a run's requests."""
    return httpx2.create_ssl_context()


@cache
def _client(endpoint: str) -> S3Client:
    """One for all runs, as for the queue: making it takes as long as a dozen requests."""
    key_id, secret = ANYBODY
    return boto3.session.Session(aws_access_key_id=key_id, aws_secret_access_key=secret, region_name=REGION).client(
        "s3",
        endpoint_url=endpoint,
        config=Config(
            connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2}, s3={"addressing_style": "path"}
        ),
    )


def _told(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _read(content: bytes) -> Any:
    if len(content) > READ_UP_TO:
        return None
    try:
        return json.loads(content)
    except ValueError:
        return None
