"""A worker process asks at watched failpoints only, and no thread of it waits for another's answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from harness.workers.channel import Channel, WatchedPhases, watched_file
from harness.workers.failpoints import Failpoint, Phase


def at(phase: Phase, activity: str = "charge") -> Failpoint:
    """A failpoint of this phase."""
    return Failpoint(worker="worker-1", phase=phase, workflow="Pay", workflow_id="w", activity=activity, attempt=1)


class Runner:
    """The runner's end: takes messages, and answers when it is asked to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, watched: WatchedPhases) -> None:
        self.reader, self.writer, self.watched = reader, writer, watched

    async def message(self) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.reader.readline(), 10))
        return message

    def answer(self, number: int) -> None:
        """Let a failpoint go on."""
        self.writer.write(f"{number}\n".encode())


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[Runner, Channel]]:
    """Both ends."""
    ends: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Future()
    with TemporaryDirectory(prefix="harness-") as folder:
        path = str(Path(folder) / "runner")
        watched = WatchedPhases.make(watched_file(path))
        server = await asyncio.start_unix_server(lambda *both: ends.set_result(both), path)
        channel = Channel(path)
        reader, writer = await ends
        async with server:
            yield Runner(reader, writer, watched), channel
            writer.close()
            await asyncio.to_thread(channel.close)


@pytest.mark.parametrize("phase", list(Phase))
async def test_nothing_is_sent_while_nobody_watches(phase: Phase) -> None:
    """The worker does not wait either."""
    async with connected() as (runner, channel):
        await channel.stop(at(phase))
        runner.watched.write([phase])
        asked = asyncio.create_task(channel.stop(at(phase, "refund")))
        message = await runner.message()
        runner.answer(message["number"])
        await asked

    assert message["point"]["activity"] == "refund"


async def test_a_failpoint_that_nobody_watches_is_reported_one_way() -> None:
    """Where another phase is watched: a fault that never fires names the failpoints that were reached."""
    async with connected() as (runner, channel):
        runner.watched.write([Phase.AFTER_BODY])
        await channel.stop(at(Phase.BEFORE_BODY))
        message = await runner.message()

    assert message["event"]["event"] == "PointReached"
    assert message["event"]["phase"] == "before_body"


async def test_attempts_do_not_wait_for_each_other() -> None:
    """Neither on the event loop nor in threads; each gets its own answer, in any order."""
    async with connected() as (runner, channel):
        runner.watched.write(Phase)
        first = asyncio.create_task(channel.stop(at(Phase.BEFORE_BODY, "first")))
        second = asyncio.create_task(asyncio.to_thread(channel.stop_now, at(Phase.HEARTBEAT, "second")))
        numbers = {}
        for message in [await runner.message(), await runner.message()]:
            numbers[message["point"]["activity"]] = message["number"]
        runner.answer(numbers["second"])
        await second
        waits = not first.done()
        runner.answer(numbers["first"])
        await first

    assert waits


async def test_a_worker_goes_on_when_the_runner_is_gone() -> None:
    """Until the guard kills it: it must not hang at a failpoint."""
    async with connected() as (runner, channel):
        runner.watched.write(Phase)
        asked = asyncio.create_task(channel.stop(at(Phase.BEFORE_BODY)))
        await runner.message()
        runner.writer.close()
        await asyncio.wait_for(asked, 10)
        await channel.stop(at(Phase.AFTER_BODY))
