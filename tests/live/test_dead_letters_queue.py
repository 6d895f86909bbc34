"""The queue of dead letters is real: one server for all runs, a queue for each, and its contents in the evidence."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fakes.dead_letters import DeadLetters
from fakes.shapes.aws import ADDRESS, ANYBODY, REGION
from harness import EnvironmentUnavailable, UsageError
from harness.events import Event, Kept
from harness.processes.guard import ProcessGuard
from scenarios.dead_letters.activities import queue_client

MORE_THAN_ARE_RECEIVED_AT_A_TIME = 12


def write(queue: str, *messages: tuple[str, str]) -> None:
    """Send messages by key, each twice, as an application would."""
    sqs = queue_client(queue, credentials=ANYBODY, region=REGION)
    for key, body in messages:
        for _ in range(2):
            sqs.send_message(QueueUrl=queue, MessageBody=body, MessageGroupId="letters", MessageDeduplicationId=key)
    sqs.close()


async def test_runs_share_a_server_and_each_has_its_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message is recorded once, in its own run; the server outlives the runs, and not the session."""
    told: list[Event] = []
    mine, another, named = DeadLetters(told.append), DeadLetters(told.append), DeadLetters()

    async with ProcessGuard() as guard:
        await asyncio.gather(*(one.open(guard, log=tmp_path / "moto.log") for one in (mine, another)))
        letters = [(f"k{number}", f'{{"item": {number}}}') for number in range(MORE_THAN_ARE_RECEIVED_AT_A_TIME)]
        await asyncio.to_thread(write, mine.base_url(mine.address), *letters)
        await asyncio.to_thread(write, another.base_url(another.address), ("k", "no JSON"))
        await mine.take_stock()
        await another.take_stock()
        await mine.stop()
        monkeypatch.setenv(ADDRESS, another.address)
        await named.open(guard, log=tmp_path / "nothing.log")
        await named.stop()

    assert mine.address == another.address == named.address
    assert mine.base_url("") != another.base_url("")
    assert [(one.key, one.body) for one in told if isinstance(one, Kept)] == [
        *((f"k{number}", {"item": number}) for number in range(MORE_THAN_ARE_RECEIVED_AT_A_TIME)),
        ("k", "no JSON"),
    ]
    host, _, port = mine.address.rpartition(":")
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection(host, int(port))


@pytest.mark.parametrize("address", ["localhost", "http://localhost:4566", "localhost:http", ":4566"])
async def test_an_address_that_is_none_is_the_users_mistake(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told with what it must look like."""
    monkeypatch.setenv(ADDRESS, address)
    async with ProcessGuard() as guard:
        with pytest.raises(UsageError, match="HOST:PORT"):
            await DeadLetters().open(guard, log=tmp_path / "nothing.log")


async def test_a_server_that_is_not_there_breaks_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is accused of it."""
    monkeypatch.setenv(ADDRESS, "127.0.0.1:1")
    async with ProcessGuard() as guard:
        with pytest.raises(EnvironmentUnavailable, match=r"the queue at http://127\.0\.0\.1:1 cannot be used"):
            await DeadLetters().open(guard, log=tmp_path / "nothing.log")
