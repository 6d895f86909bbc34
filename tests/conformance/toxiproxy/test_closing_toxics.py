"""slow_close, timeout and reset_peer decide when and how a connection ends."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.test_links import SLACK, round_trip
from tests.conformance.toxiproxy.wire import End, Upstream, connect, half_closes, sends, upstream


@pytest.mark.tx("TX-092")
async def test_slow_close(make_proxy: MakeProxy) -> None:
    """Bytes are not delayed, the end of the stream is."""
    async with upstream(sends(b"bytes")) as service:
        proxy = await make_proxy(service, {"kind": "slow_close", "delay": 200})
        started = time.monotonic()
        async with await connect(proxy.listen) as client:
            assert await client.receive() == b"bytes"
            data_at = time.monotonic()
            assert await client.to_the_end() == (b"", End.FIN)
            end_at = time.monotonic()

    assert data_at - started < SLACK
    assert 0.19 < end_at - started < 0.2 + SLACK


@pytest.mark.tx("TX-092")
async def test_slow_close_removal_and_update(make_proxy: MakeProxy) -> None:
    """An update restarts the wait with the new delay; removal closes at once."""
    async with upstream(half_closes(b"x")) as service:
        proxy = await make_proxy(service, {"kind": "slow_close", "name": "s", "delay": 60_000})
        async with await connect(proxy.listen) as first:
            await first.receive()
            updated_at = time.monotonic()
            await proxy.change("s", delay=150)
            assert await first.to_the_end() == (b"", End.FIN)
            assert 0.15 <= time.monotonic() - updated_at < 0.15 + SLACK
        await proxy.change("s", delay=60_000)
        async with await connect(proxy.listen) as second:
            await second.receive()
            with pytest.raises(TimeoutError):
                await second.receive(within=0.1)
            await proxy.remove("s")
            assert (await second.to_the_end(within=1))[1] is End.FIN


@pytest.mark.tx("TX-093")
async def test_timeout(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """Nothing passes, and the connection is closed when its time is over, counted from its start."""
    proxy = await make_proxy(swallowing, {"kind": "timeout", "stream": "upstream", "timeout": 200})
    started = time.monotonic()
    async with await connect(proxy.listen) as client:
        assert await client.to_the_end() == (b"", End.FIN)
    took = time.monotonic() - started

    assert 0.2 <= took < 0.2 + SLACK
    assert swallowing.received() == b""


@pytest.mark.tx("TX-093")
async def test_timeout_is_restarted_by_chunks(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """Every dropped chunk restarts the clock."""
    proxy = await make_proxy(swallowing, {"kind": "timeout", "stream": "upstream", "timeout": 250})
    async with await connect(proxy.listen) as client:
        last = 0.0
        for _ in range(5):
            await client.send(b"x")
            last = time.monotonic()
            await asyncio.sleep(0.1)
        assert await client.to_the_end() == (b"", End.FIN)
        took = time.monotonic() - last

    assert 0.25 <= took < 0.25 + SLACK
    assert swallowing.received() == b""


@pytest.mark.tx("TX-093")
async def test_timeout_counts_from_its_addition(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """On an open connection the clock starts when the toxic is added."""
    proxy = await make_proxy(echoing)
    async with await connect(proxy.listen) as client:
        await round_trip(client)
        await asyncio.sleep(0.05)
        added = time.monotonic()
        await proxy.add("timeout", timeout=150)
        assert await client.to_the_end() == (b"", End.FIN)

    assert 0.14 < time.monotonic() - added < 0.15 + SLACK


@pytest.mark.tx("TX-093")
@pytest.mark.parametrize("milliseconds", [0, -5])
async def test_timeout_of_zero(make_proxy: MakeProxy, swallowing: Upstream, milliseconds: int) -> None:
    """At 0 or less the connection is held open; the end of its source closes it."""
    proxy = await make_proxy(swallowing, {"kind": "timeout", "stream": "upstream", "timeout": milliseconds})
    async with await connect(proxy.listen) as client:
        await client.send(b"dropped")
        with pytest.raises(TimeoutError):
            await client.receive(within=0.2)
        client.end_writing()
        assert (await client.to_the_end(within=1))[1] is End.FIN

    assert swallowing.received() == b""


@pytest.mark.tx("TX-094")
@pytest.mark.parametrize("toxicity", [1.0, 0.0])
async def test_timeout_removal(make_proxy: MakeProxy, echoing: Upstream, toxicity: float) -> None:
    """Its removal closes the connections it was on, those it had spared too."""
    proxy = await make_proxy(echoing, {"kind": "timeout", "name": "t", "timeout": 0, "toxicity": toxicity})
    async with await connect(proxy.listen) as client:
        await client.send(b"x")
        await echoing.has_received(b"x")
        await proxy.remove("t")

        assert (await client.to_the_end(within=1))[1] is End.FIN


@pytest.mark.tx("TX-094")
async def test_timeout_update(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """An update to toxicity 0 closes nothing, and later bytes flow."""
    proxy = await make_proxy(echoing, {"kind": "timeout", "name": "t", "timeout": 0})
    async with await connect(proxy.listen) as client:
        await client.send(b"lost")
        await echoing.has_received(b"lost")
        with pytest.raises(TimeoutError):
            await client.receive(within=0.1)
        await proxy.change("t", toxicity=0)
        await client.send(b"found")

        assert await client.receive() == b"found"


@pytest.mark.tx("TX-100")
@pytest.mark.parametrize("milliseconds", [0, 150, -5])
async def test_reset_peer(make_proxy: MakeProxy, swallowing: Upstream, milliseconds: int) -> None:
    """The first bytes meet RST after the given time, on both sides."""
    proxy = await make_proxy(swallowing, {"kind": "reset_peer", "stream": "upstream", "timeout": milliseconds})
    async with await connect(proxy.listen) as client:
        with pytest.raises(TimeoutError):
            await client.receive(within=0.1)
        sent_at = time.monotonic()
        await client.send(b"x")
        assert await client.to_the_end() == (b"", End.RST)
        took = time.monotonic() - sent_at
        await swallowing.saw("rst", within=1)

    assert max(milliseconds, 0) / 1000 <= took < max(milliseconds, 0) / 1000 + SLACK
    assert swallowing.received() == b""


@pytest.mark.tx("TX-100")
async def test_reset_peer_at_the_end(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """The end of the stream springs it too."""
    proxy = await make_proxy(swallowing, {"kind": "reset_peer", "stream": "upstream", "timeout": 0})
    async with await connect(proxy.listen) as client:
        client.end_writing()
        await swallowing.saw("rst", within=1)


@pytest.mark.tx("TX-101")
async def test_reset_peer_on_an_open_connection(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Added to a connection that was open already, it closes it with FIN."""
    proxy = await make_proxy(echoing)
    async with await connect(proxy.listen) as client:
        await round_trip(client)
        await proxy.add("reset_peer", timeout=0)
        await client.send(b"x")

        assert await client.to_the_end() == (b"", End.FIN)


@pytest.mark.tx("TX-102")
async def test_reset_peer_removal_does_not_block(make_embedded: MakeProxy, echoing: Upstream) -> None:
    """Removed while it waits, it lets the bytes pass, and the call returns at once."""
    proxy = await make_embedded(echoing, {"kind": "reset_peer", "name": "r", "timeout": 30_000})
    async with await connect(proxy.listen) as client:
        await client.send(b"x")
        await echoing.has_received(b"x")
        with pytest.raises(TimeoutError):
            await client.receive(within=0.1)
        started = time.monotonic()
        await proxy.change("r", timeout=20_000)
        await proxy.remove("r")
        took = time.monotonic() - started

        assert await client.receive() == b"x"
        assert took < 1
        assert await round_trip(client) < 1


@pytest.mark.tx("TX-103")
async def test_reset_peer_of_toxicity_zero(make_proxy: MakeProxy) -> None:
    """One that spares a connection loses no bytes; whether the end is FIN or RST is nothing to build on."""
    async with upstream(sends(b"bytes")) as service:
        proxy = await make_proxy(service, {"kind": "reset_peer", "timeout": 0, "toxicity": 0.0})
        async with await connect(proxy.listen) as client:
            received, end = await client.to_the_end()

    assert received == b"bytes"
    assert end is not End.OPEN


@pytest.mark.tx("TX-104", "TX-032")
async def test_reset_peer_stays_in_the_socket(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """A connection opened under a reset_peer ends with RST also when the toxic is gone and the proxy is disabled."""
    proxy = await make_proxy(swallowing, {"kind": "reset_peer", "name": "r", "timeout": 0})
    async with await connect(proxy.listen) as client:
        await client.send(b"x")
        await swallowing.has_received(b"x")
        await proxy.remove("r")
        await proxy.patch(enabled=False)

        assert (await client.to_the_end())[1] is End.RST
