"""Each toxic does what the contract's section F says of it."""

from __future__ import annotations

import asyncio
import os
import statistics
import time

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.servers import Server
from tests.conformance.toxiproxy.test_links import SLACK, round_trip
from tests.conformance.toxiproxy.wire import End, Upstream, connect, half_closes, sends, upstream

# -- latency


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


# -- bandwidth


@pytest.mark.tx("TX-088")
@pytest.mark.parametrize(("rate", "size"), [(100, 50_000), (500, 250_000), (2000, 1_000_000)])
async def test_bandwidth(make_proxy: MakeProxy, swallowing: Upstream, rate: int, size: int) -> None:
    """A rate of n lets n thousand bytes pass in a second."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "stream": "upstream", "rate": rate})
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        started = time.monotonic()
        await client.send(bytes(size))
        done = await swallowing.has_received(bytes(size))
    took, due = done.at - started, size / rate / 1000

    assert due * 0.98 < took < due * 1.02 + SLACK


@pytest.mark.tx("TX-088")
async def test_bandwidth_delays_before_it_sends(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """A chunk leaves after the time its bytes take, and a slow one in portions of 100 ms."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "stream": "upstream", "rate": 10})
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        started = time.monotonic()
        await client.send(bytes(2500))
        await swallowing.has_received(bytes(2500))
    events = swallowing.all("data")

    assert [len(event.data) for event in events] == [1000, 1000, 500]
    for number, due in enumerate((0.1, 0.2, 0.25)):
        assert due <= events[number].at - started < due + SLACK


@pytest.mark.tx("TX-088")
async def test_bandwidth_is_felt_by_the_sender(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """The sender is held up: the toxic takes in no more than one chunk."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "stream": "upstream", "rate": 1})
    async with await connect(proxy.listen) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.7):
                await asyncio.get_running_loop().sock_sendall(client.socket, bytes(60_000_000))
        await proxy.patch(enabled=False)


@pytest.mark.tx("TX-089")
async def test_bandwidth_of_zero(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """At rate 0 bytes and the end behind them wait, and come when the toxic is removed."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "name": "b", "stream": "upstream", "rate": 0})
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        await client.send(b"held")
        client.end_writing()
        with pytest.raises(TimeoutError):
            await client.receive(within=0.2)
        assert swallowing.received() == b""
        await proxy.remove("b")
        await swallowing.saw("fin", within=1)

    assert swallowing.received() == b"held"


@pytest.mark.tx("TX-091")
async def test_bandwidth_removal(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """Removed in the middle of a transfer, the rest comes at full speed and nothing is lost."""
    proxy = await make_proxy(swallowing, {"kind": "bandwidth", "name": "b", "stream": "upstream", "rate": 50})
    sent = os.urandom(300_000)
    async with await connect(proxy.listen) as client:
        await client.send(sent)
        await swallowing.saw("data")
        started = time.monotonic()
        await proxy.remove("b")
        event = await swallowing.has_received(sent, within=2)

    assert event.at - started < 0.5


# -- slow_close


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


# -- timeout


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


# -- reset_peer


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


# -- slicer


@pytest.mark.tx("TX-105")
async def test_slicer(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """A chunk is halved until its pieces are small enough, with a pause after each."""
    proxy = await make_proxy(
        swallowing, {"kind": "slicer", "stream": "upstream", "average_size": 100, "size_variation": 0, "delay": 10_000}
    )
    sent = os.urandom(1000)
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        started = time.monotonic()
        await client.send(sent)
        done = await swallowing.has_received(sent)
        client.end_writing()
        await swallowing.saw("fin")
    sizes = [len(event.data) for event in swallowing.all("data")]

    assert swallowing.received() == sent
    assert done.at - started >= 0.15
    assert len(sizes) == 16
    assert set(sizes) <= {62, 63}


@pytest.mark.tx("TX-105")
@pytest.mark.parametrize("delay", [0, 100])
async def test_slicer_keeps_bytes(make_proxy: MakeProxy, swallowing: Upstream, delay: int) -> None:
    """Bytes and their order are kept, with variation too."""
    proxy = await make_proxy(
        swallowing,
        {"kind": "slicer", "stream": "upstream", "average_size": 300, "size_variation": 120, "delay": delay},
    )
    sent = os.urandom(60_000)
    async with await connect(proxy.listen) as client:
        await client.send(sent)
        await swallowing.has_received(sent)

    assert swallowing.received() == sent
    # Without a pause the kernel may join pieces again before they are read.
    assert len(swallowing.all("data")) > (20 if delay else 1)


@pytest.mark.tx("TX-105")
async def test_slicer_removal(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """On removal the rest goes in one piece."""
    proxy = await make_proxy(
        swallowing, {"kind": "slicer", "name": "s", "stream": "upstream", "average_size": 10, "delay": 500_000}
    )
    sent = os.urandom(1000)
    async with await connect(proxy.listen) as client:
        await client.send(sent)
        await swallowing.saw("data")
        await proxy.remove("s")
        await swallowing.has_received(sent, within=2)

    assert len(swallowing.all("data")) <= 4


# -- limit_data


@pytest.mark.tx("TX-107")
async def test_limit_data(make_proxy: MakeProxy) -> None:
    """Exactly so many bytes pass, then the connection is closed."""
    async with upstream(sends(bytes(1000), then_close=False)) as service:
        proxy = await make_proxy(service, {"kind": "limit_data", "bytes": 100})
        async with await connect(proxy.listen) as client:
            assert await client.to_the_end() == (bytes(100), End.FIN)


@pytest.mark.tx("TX-107")
async def test_limit_data_exactly_reached(make_proxy: MakeProxy) -> None:
    """A limit that is just reached closes at once."""
    async with upstream(sends(bytes(100), then_close=False)) as service:
        proxy = await make_proxy(service, {"kind": "limit_data", "bytes": 100})
        async with await connect(proxy.listen) as client:
            assert await client.to_the_end(within=1) == (bytes(100), End.FIN)


@pytest.mark.tx("TX-107")
async def test_limit_data_is_per_connection_and_kept(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Bytes are counted per connection, and stay counted when the limit changes."""
    proxy = await make_proxy(echoing, {"kind": "limit_data", "name": "d", "bytes": 100})
    async with await connect(proxy.listen) as client, await connect(proxy.listen) as other:
        await client.send(bytes(60))
        assert await client.receive_exactly(60) == bytes(60)
        await other.send(bytes(90))
        assert await other.receive_exactly(90) == bytes(90)
        await proxy.change("d", bytes=130)
        await client.send(bytes(100))

        assert await client.to_the_end() == (bytes(70), End.FIN)


@pytest.mark.tx("TX-107")
@pytest.mark.parametrize("limit", [0, -5])
async def test_limit_data_of_zero(make_proxy: MakeProxy, echoing: Upstream, limit: int) -> None:
    """A limit of nothing stays open until the next chunk, of which nothing passes."""
    proxy = await make_proxy(echoing, {"kind": "limit_data", "bytes": limit})
    async with await connect(proxy.listen) as client:
        with pytest.raises(TimeoutError):
            await client.receive(within=0.1)
        await client.send(b"x")

        assert await client.to_the_end() == (b"", End.FIN)


# -- noop


@pytest.mark.tx("TX-108")
async def test_noop(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Nothing happens."""
    proxy = await make_proxy(echoing, {"kind": "noop"}, {"kind": "noop", "stream": "upstream"})
    async with await connect(proxy.listen) as client:
        await round_trip(client, os.urandom(10_000))
        client.end_writing()
        assert await client.to_the_end() == (b"", End.FIN)


@pytest.mark.tx("TX-075")
async def test_toxics_of_one_direction_leave_the_other_alone(server: Server, make_proxy: MakeProxy) -> None:
    """A toxic acts on its own direction."""
    async with upstream(sends(b"down")) as service:
        proxy = await make_proxy(service, {"kind": "latency", "stream": "upstream", "latency": 3000})
        async with await connect(proxy.listen) as client:
            assert await client.receive(within=1) == b"down"
