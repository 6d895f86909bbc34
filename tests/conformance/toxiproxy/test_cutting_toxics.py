"""slicer, limit_data and noop: what is cut, what passes, what is left alone."""

from __future__ import annotations

import os
import time
from itertools import accumulate

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.servers import Server
from tests.conformance.toxiproxy.test_links import round_trip
from tests.conformance.toxiproxy.wire import End, Upstream, connect, sends, upstream


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
    ends = [*accumulate(len(event.data) for event in swallowing.all("data"))]

    assert swallowing.received() == sent
    # 16 pieces of 62 and 63 bytes. On a busy machine several may be read at once, and the pauses pass all the same.
    assert {*ends} <= {*accumulate([62, 63] * 8)}
    assert done.at - started >= 0.15


@pytest.mark.tx("TX-105")
@pytest.mark.parametrize("delay", [0, 1000])
async def test_slicer_keeps_bytes(make_proxy: MakeProxy, swallowing: Upstream, delay: int) -> None:
    """Bytes and their order are kept, with variation too."""
    proxy = await make_proxy(
        swallowing,
        {"kind": "slicer", "stream": "upstream", "average_size": 300, "size_variation": 120, "delay": delay},
    )
    sent = os.urandom(60_000)
    async with await connect(proxy.listen) as client:
        await swallowing.saw("accepted")
        started = time.monotonic()
        await client.send(sent)
        done = await swallowing.has_received(sent)

    assert swallowing.received() == sent
    # The kernel may join pieces again before they are read, so they are counted by their pauses, in microseconds.
    assert done.at - started >= 60_000 / (300 + 120) * delay / 1e6


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
        # All of it takes a minute.
        assert swallowing.received() != sent
        await proxy.remove("s")
        await swallowing.has_received(sent, within=2)

    assert len(swallowing.all("data")) <= 4


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
