"""The storage is real: one server for all runs, a bucket for each, and each call seen and disturbed like a fake's."""

from __future__ import annotations

import asyncio
import hashlib
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from botocore.exceptions import ClientError, ConnectionClosedError, FlexibleChecksumError

from fakes.objects import Objects
from fakes.shapes.aws import ADDRESS, ANYBODY, REGION
from harness import EnvironmentUnavailable, Fault, FlippedBit, GarbledBody, HttpError, LostReply
from harness.events import CallAnswered, CallReceived, EffectApplied, EffectRepeated, EffectUndone, Event, Kept
from harness.evidence.event_stream import Stream
from harness.processes.guard import ProcessGuard
from harness.temporal.history_feed import HistoryFeed
from harness.testbed.testbed import Testbed
from scenarios.external_storage.activities import storage_client
from tests.live.commands import begin

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ROOT = Path(__file__).parents[2]

ODD = "a folder/größe+1.json"
"""A key that is quoted on the wire."""


class Bucket:
    """A running storage, and a client of it.

    Attributes:
        objects: The storage.
        told: What it has told.
    """

    def __init__(self, objects: Objects, told: list[Event]) -> None:
        self.objects = objects
        self.told = told
        self._s3, self._name = storage_client(objects.base_url(objects.address), credentials=ANYBODY, region=REGION)

    async def ask(self, what: Callable[[S3Client], Callable[..., Any]], key: str, **options: Any) -> Any:
        """Ask for something, as an application would."""
        return await asyncio.to_thread(what(self._s3), Bucket=self._name, Key=key, **options)

    async def put(self, key: str, content: bytes) -> Any:
        """Store an object."""
        return await self.ask(lambda s3: s3.put_object, key, Body=content)

    async def get(self, key: str) -> bytes:
        """Return an object's content."""
        answer = await self.ask(lambda s3: s3.get_object, key)
        content: bytes = await asyncio.to_thread(answer["Body"].read)
        return content

    async def delete(self, key: str) -> None:
        """Delete an object."""
        await self.ask(lambda s3: s3.delete_object, key)

    def armed(self, fault: Fault) -> Any:
        """Have a fault in force."""
        stream = Stream()
        stream.listen(self.told.append)
        testbed = Testbed(
            stream=stream,
            services={Objects: self.objects},
            proxies={},
            history=HistoryFeed(),
            random=Random(0),  # noqa: S311 - repeatable chance, not secrecy
        )
        return fault.arm(testbed, name="f")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def guard(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ProcessGuard]:
    """Ends the server of all buckets."""
    async with ProcessGuard() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def bucket(guard: ProcessGuard, tmp_path: Path) -> AsyncIterator[Bucket]:
    """A bucket of the test's own."""
    told: list[Event] = []
    objects = Objects(told.append)
    await objects.open(guard, log=tmp_path / "moto.log")
    yield Bucket(objects, told)
    await objects.stop()


async def test_an_object_is_an_effect(bucket: Bucket) -> None:
    """Stored, stored again as it is, changed and deleted; what is held at the end is told, with its checksum."""
    await bucket.put(ODD, b'{"n": 1}')
    await bucket.put(ODD, b'{"n": 1}')
    await bucket.put(ODD, b'{"n": 2}')
    await bucket.put("other", b"no JSON")
    assert await bucket.get(ODD) == b'{"n": 2}'
    about = await bucket.ask(lambda s3: s3.head_object, ODD)
    await bucket.delete("other")
    await bucket.delete("other")
    await bucket.put("other", b"\x00")
    await bucket.objects.take_stock()

    effects = [one for one in bucket.told if isinstance(one, EffectApplied | EffectRepeated | EffectUndone)]
    assert [(type(one).__name__, one.key) for one in effects] == [
        ("EffectApplied", ODD),
        ("EffectRepeated", ODD),
        ("EffectApplied", ODD),
        ("EffectApplied", "other"),
        ("EffectUndone", "other"),
        ("EffectApplied", "other"),
    ]
    assert about["ContentLength"] == 8
    first = next(one for one in bucket.told if isinstance(one, CallReceived))
    assert (first.key, first.body) == (ODD, {"size": 8, "sha256": hashlib.sha256(b'{"n": 1}').hexdigest()})
    kept = {one.key: one.body for one in bucket.told if isinstance(one, Kept)}
    assert kept == {
        ODD: {"size": 8, "sha256": hashlib.sha256(b'{"n": 2}').hexdigest(), "content": {"n": 2}},
        "other": {"size": 1, "sha256": hashlib.sha256(b"\x00").hexdigest(), "content": None},
    }


async def test_what_is_not_there_is_told_by_the_protocol(bucket: Bucket) -> None:
    """404, with a code that a client knows; it stands in the journal as any answer."""
    with pytest.raises(ClientError) as missing:
        await bucket.get("nothing")

    assert missing.value.response["Error"]["Code"] == "NoSuchKey"
    assert [one.status for one in bucket.told if isinstance(one, CallAnswered)] == [404]


async def test_a_lost_answer_leaves_the_object(bucket: Bucket) -> None:
    """The client knows nothing; the storage does."""
    async with bucket.armed(LostReply(on=Objects.put)):
        with pytest.raises(ConnectionClosedError):
            await bucket.put("a", b"x")

    assert await bucket.get("a") == b"x"


async def test_an_error_leaves_nothing(bucket: Bucket) -> None:
    """Nothing reached the storage."""
    async with bucket.armed(HttpError(on=Objects.put, status=503)):
        with pytest.raises(ClientError, match="503"):
            await bucket.put("a", b"x")
    await bucket.objects.take_stock()

    assert not [one for one in bucket.told if isinstance(one, Kept | EffectApplied)]


async def test_who_notices_damage(bucket: Bucket) -> None:
    """The client, when the answer is cut short; nobody but the application, when the storage sums up what is wrong."""
    await bucket.put("a", b"0123456789")
    async with bucket.armed(GarbledBody(on=Objects.get)):
        with pytest.raises(FlexibleChecksumError):
            await bucket.get("a")
    async with bucket.armed(FlippedBit(on=Objects.get, at=0)):
        damaged = await bucket.get("a")

    assert damaged == b"1123456789"


@pytest.mark.parametrize("named", [False, True], ids=["the session's", "the user's"])
async def test_runs_share_a_server_and_each_has_its_bucket(
    guard: ProcessGuard, bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    """What another run stores is not in this one's stock, whoever's server it is."""
    told: list[Event] = []
    objects = Objects(told.append)
    if named:
        monkeypatch.setenv(ADDRESS, bucket.objects.storage.removeprefix("http://"))
    async with ProcessGuard() as another_leash:
        await objects.open(another_leash if named else guard, log=tmp_path / "moto.log")
    another = Bucket(objects, told)
    await another.put("a", b"x")
    await bucket.objects.take_stock()
    await objects.stop()

    assert objects.storage == bucket.objects.storage
    assert objects.base_url("") != bucket.objects.base_url("")
    assert not [one for one in bucket.told if isinstance(one, Kept)]


async def test_a_server_that_is_not_there_breaks_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is accused of it."""
    monkeypatch.setenv(ADDRESS, "127.0.0.1:1")
    async with ProcessGuard() as guard:
        with pytest.raises(EnvironmentUnavailable, match=r"the storage at http://127\.0\.0\.1:1 cannot be used"):
            await Objects().open(guard, log=tmp_path / "nothing.log")


async def test_by_hand() -> None:
    """`harness fake objects` has its server and its bucket, and takes both away again."""
    command = await begin("fakes", "objects", cwd=ROOT)
    address = (await command.until("objects at ")).split()[-1]
    s3, name = storage_client(address, credentials=ANYBODY, region=REGION)
    await asyncio.to_thread(s3.put_object, Bucket=name, Key="a", Body=b"x")
    held = await asyncio.to_thread(s3.get_object, Bucket=name, Key="a")
    command.process.send_signal(signal.SIGINT)
    ended = await command.end()

    assert held["Body"].read() == b"x"
    assert (ended.code, ended.err) == (0, "")
