"""latency delays chunks, keeps their order and lets go of them when it is told to."""

from __future__ import annotations

import asyncio
import statistics
import time

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.test_links import SLACK, round_trip
from tests.conformance.toxiproxy.wire import Upstream, connect


@pytest.mark.tx("TX-085")
@pytest.mark.parametrize("milliseconds", [5, 100])
async def test_latency_is_never_early(make_proxy: MakeProxy, echoing: Upstream, milliseconds: int) -> None:
    """A chunk leaves when its time has come, not before and little after."""
    proxy = await make_proxy(echoing, {"kind": "latency", "latency": milliseconds})
    async with await connect(proxy.listen) as client:
        times = [await round_trip(client) for _ in range(15)]

    assert min(times) >= milliseconds / 1000
    assert statistics.median(times) < milliseconds / 1000 + 0.02


@pytest.mark.tx("TX-085")
async def test_latency_keeps_the_rhythm(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """Chunks sent 20 ms apart are delayed by the same time each, and arrive in order."""
    proxy = await make_proxy(swallowing, {"kind": "latency", "stream": "upstream", "latency": 150})
    sent = []
    async with await connect(proxy.listen) as client:
        for number in range(10):
            sent.append(time.monotonic())
            await client.send(bytes([number]))
            await asyncio.sleep(0.02)
        await swallowing.has_received(bytes(range(10)))
    # On a busy machine two chunks may be read at once: each byte arrived with the event that has it.
    arrived = [event.at for event in swallowing.all("data") for _ in event.data]
    delays = [came - at for came, at in zip(arrived, sent, strict=True)]

    assert min(delays) >= 0.15
    assert statistics.median(delays) < 0.15 + SLACK


@pytest.mark.tx("TX-085")
async def test_latency_does_not_delay_the_connect(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """Connecting is not delayed, and the end of the stream follows the last chunk without a delay of its own."""
    proxy = await make_proxy(swallowing, {"kind": "latency", "stream": "upstream", "latency": 250})
    started = time.monotonic()
    async with await connect(proxy.listen) as client:
        accepted = await swallowing.saw("accepted")
        client.end_writing()
        fin = await swallowing.saw("fin")

    assert accepted.at - started < SLACK
    assert fin.at - started < 0.25


@pytest.mark.tx("TX-085")
async def test_jitter(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Jitter spreads the delay around the latency, within its bounds."""
    proxy = await make_proxy(echoing, {"kind": "latency", "latency": 30, "jitter": 20})
    async with await connect(proxy.listen) as client:
        times = [await round_trip(client) for _ in range(40)]

    assert min(times) >= 0.01
    assert statistics.median(times) < 0.05 + 0.02
    assert max(times) - min(times) > 0.015


@pytest.mark.tx("TX-085")
@pytest.mark.parametrize("attributes", [{"latency": -50}, {"latency": 0, "jitter": -5}])
async def test_negative_delays_are_none(make_proxy: MakeProxy, echoing: Upstream, attributes: dict[str, int]) -> None:
    """A negative delay is no delay."""
    proxy = await make_proxy(echoing, {"kind": "latency", **attributes})
    async with await connect(proxy.listen) as client:
        assert statistics.median([await round_trip(client) for _ in range(5)]) < 0.03


@pytest.mark.tx("TX-086")
async def test_latency_update(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """An update releases the chunk that was waiting; those behind it take the new delay from their own times."""
    proxy = await make_proxy(swallowing, {"kind": "latency", "name": "l", "stream": "upstream", "latency": 5000})
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        await client.send(b"a")
        await asyncio.sleep(0.05)
        second_at = time.monotonic()
        await client.send(b"b")
        await asyncio.sleep(0.05)
        await proxy.change("l", latency=400)
        first = await swallowing.has_received(b"a", within=0.3)
        second = await swallowing.has_received(b"ab", within=1)

    assert first.data == b"a"
    assert 0.4 <= second.at - second_at < 0.4 + SLACK


@pytest.mark.tx("TX-086")
async def test_latency_removal(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """Removal flushes everything queued at once, in order, the end of the stream too."""
    proxy = await make_proxy(swallowing, {"kind": "latency", "name": "l", "stream": "upstream", "latency": 10_000})
    words = [b"one ", b"two ", b"three"]
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        for word in words:
            await client.send(word)
            await asyncio.sleep(0.02)
        started = time.monotonic()
        await proxy.remove("l")
        event = await swallowing.has_received(b"".join(words), within=1)

    assert event.at - started < SLACK
