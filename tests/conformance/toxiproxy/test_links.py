"""Connections carry bytes through chains of toxics as the contract's section E says."""

from __future__ import annotations

import asyncio
import os
import statistics
import time

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.servers import Server
from tests.conformance.toxiproxy.wire import (
    End,
    Peer,
    Upstream,
    answers_late,
    closed_port,
    connect,
    deaf,
    half_closes,
    never_accepts,
    resets,
    sends,
    upstream,
)

# What a busy machine may add to a time. Seconds.
SLACK = 0.1


async def round_trip(client: Peer, word: bytes = b"x") -> float:
    """Send a word to an echo and return the seconds until it is back."""
    started = time.monotonic()
    await client.send(word)
    assert await client.receive_exactly(len(word)) == word
    return time.monotonic() - started


@pytest.mark.tx("TX-073")
async def test_dialled_at_once(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """The upstream is dialled before the client has said anything."""
    proxy = await make_proxy(swallowing)
    async with await connect(proxy.listen):
        await swallowing.saw("accepted", within=1)


@pytest.mark.tx("TX-073")
async def test_upstream_that_speaks_first(make_proxy: MakeProxy) -> None:
    """A greeting reaches the client."""
    async with upstream(sends(b"220 welcome", then_close=False)) as service:
        proxy = await make_proxy(service)
        for _ in range(20):
            async with await connect(proxy.listen) as client:
                assert await client.receive() == b"220 welcome"


@pytest.mark.tx("TX-073")
async def test_dial_failure_after_bytes(make_proxy: MakeProxy) -> None:
    """A client that had sent bytes to a dead upstream sees its connection end, with FIN or RST."""
    proxy = await make_proxy(closed_port())
    ends = set()
    for _ in range(10):
        async with await connect(proxy.listen) as client:
            try:
                await client.send(b"hello")
            except OSError:
                continue
            ends.add((await client.to_the_end())[1])

    assert End.OPEN not in ends


@pytest.mark.tx("TX-074")
async def test_a_dial_that_hangs(embedded: Server, make_embedded: MakeProxy, echoing: Upstream) -> None:
    """A dial that hangs holds up neither other clients nor the control API."""
    async with never_accepts() as nowhere:
        proxy = await make_embedded(nowhere)
        async with await connect(proxy.listen) as stuck:
            started = time.monotonic()
            for fields in ({"enabled": False}, {"enabled": True}, {"upstream": echoing.address}):
                assert (await proxy.patch(**fields)).status == 200
            took = time.monotonic() - started
            assert (await stuck.to_the_end(within=1))[1] is End.FIN
        async with await connect(proxy.listen) as client:
            await round_trip(client)

    assert took < 1


@pytest.mark.tx("TX-074")
async def test_clients_behind_a_dial_that_hangs(make_embedded: MakeProxy, echoing: Upstream) -> None:
    """A deleted proxy lets go of the clients whose dial hangs."""
    async with never_accepts() as nowhere:
        proxy = await make_embedded(nowhere)
        clients = [await connect(proxy.listen) for _ in range(20)]
        await clients[0].send(b"hello")
        started = time.monotonic()
        await proxy.delete()
        ends = [(await client.to_the_end(within=1))[1] for client in clients]
        for client in clients:
            client.close()

    assert time.monotonic() - started < 1
    assert ends == [End.RST, *[End.FIN] * 19]


@pytest.mark.tx("TX-075", "TX-085")
async def test_latencies_add_up(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Latencies of one direction add up, as do those of both directions."""
    proxy = await make_proxy(
        echoing,
        {"kind": "latency", "name": "a", "latency": 20},
        {"kind": "latency", "name": "b", "latency": 30},
        {"kind": "latency", "name": "c", "stream": "upstream", "latency": 40},
    )
    async with await connect(proxy.listen) as client:
        times = [await round_trip(client) for _ in range(5)]

    assert min(times) >= 0.09
    assert statistics.median(times) < 0.09 + SLACK


@pytest.mark.tx("TX-076")
async def test_changes_act_on_live_connections(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A toxic acts on open connections when the call that added, changed or removed it returns."""
    proxy = await make_proxy(echoing)
    async with await connect(proxy.listen) as client:
        assert await round_trip(client) < SLACK
        await proxy.add("latency", name="l", latency=60)
        assert await round_trip(client) >= 0.06
        await proxy.change("l", latency=200)
        assert await round_trip(client) >= 0.2
        await proxy.remove("l")
        assert await round_trip(client) < SLACK


@pytest.mark.tx("TX-076")
async def test_nothing_is_lost_or_reordered(make_embedded: MakeProxy, swallowing: Upstream) -> None:
    """Toxics that come, change and go while bytes flow lose and reorder none of them."""
    proxy = await make_embedded(swallowing)
    sent = os.urandom(3_000_000)
    async with await connect(proxy.listen) as client:
        sending = asyncio.create_task(_in_pieces(client, sent))
        for turn in range(12):
            kind, attributes = (
                ("latency", {"latency": 15, "jitter": 15}),
                ("slicer", {"average_size": 700, "size_variation": 300, "delay": 50}),
                ("bandwidth", {"rate": 4000}),
                ("slow_close", {"delay": 10}),
            )[turn % 4]
            await proxy.add(kind, name=f"t{turn}", stream="upstream", **attributes)
            await proxy.change(f"t{turn}", **attributes)
            if turn > 2:
                await proxy.remove(f"t{turn - 3}")
        await sending
        client.end_writing()
        await swallowing.saw("fin", within=20)

    assert swallowing.received() == sent


async def _in_pieces(client: Peer, data: bytes) -> None:
    for start in range(0, len(data), 9973):
        await client.send(data[start : start + 9973])
        await asyncio.sleep(0)


@pytest.mark.tx("TX-079")
async def test_no_half_close_from_the_client(make_proxy: MakeProxy) -> None:
    """A client that ends its writing gets no late answer: its connection is closed, and the upstream's with it."""
    async with upstream(answers_late(b"late")) as service:
        proxy = await make_proxy(service)
        async with await connect(proxy.listen) as client:
            await client.send(b"question")
            client.end_writing()
            received, end = await client.to_the_end()

            assert (received, end) == (b"", End.FIN)
            await service.saw("answer refused")
    assert service.received() == b"question"


@pytest.mark.tx("TX-079")
async def test_no_half_close_from_the_upstream(make_proxy: MakeProxy) -> None:
    """What an upstream sent before its FIN arrives; then the client is closed, and the upstream too."""
    async with upstream(half_closes(b"last words")) as service:
        proxy = await make_proxy(service)
        async with await connect(proxy.listen) as client:
            assert await client.to_the_end() == (b"last words", End.FIN)
            await service.saw("fin", within=1)


@pytest.mark.tx("TX-079")
async def test_queued_bytes_are_delivered_before_the_end(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """A client that sends and closes at once still gets its bytes through, late."""
    proxy = await make_proxy(swallowing, {"kind": "latency", "stream": "upstream", "latency": 300})
    client = await connect(proxy.listen)
    started = time.monotonic()
    await client.send(b"goodbye")
    client.close()
    fin = await swallowing.saw("fin")

    assert swallowing.received() == b"goodbye"
    assert 0.3 <= fin.at - started < 0.3 + 3 * SLACK


@pytest.mark.tx("TX-080")
async def test_client_reset_arrives_as_fin(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """A client's RST reaches the upstream as FIN."""
    proxy = await make_proxy(swallowing)
    client = await connect(proxy.listen)
    await client.send(b"x")
    await swallowing.has_received(b"x")
    client.reset()

    await swallowing.saw("fin")
    assert not swallowing.all("rst")


@pytest.mark.tx("TX-080")
async def test_upstream_reset_arrives_as_fin(make_proxy: MakeProxy) -> None:
    """An upstream's RST reaches the client as FIN."""
    async with upstream(resets) as service:
        proxy = await make_proxy(service)
        async with await connect(proxy.listen) as client:
            await client.send(b"x")
            assert await client.to_the_end() == (b"", End.FIN)


@pytest.mark.tx("TX-081")
async def test_backpressure(make_proxy: MakeProxy) -> None:
    """Without toxics little more is taken in than the kernel's buffers hold."""
    async with upstream(deaf) as service:
        proxy = await make_proxy(service)
        async with await connect(proxy.listen) as client:
            taken = await _taken(client, 200_000_000)

    assert taken < 40_000_000


@pytest.mark.tx("TX-081")
async def test_a_latency_queues(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """A latency toxic takes in megabytes that it has yet to deliver, but not without end."""
    proxy = await make_proxy(swallowing, {"kind": "latency", "stream": "upstream", "latency": 60_000})
    async with await connect(proxy.listen) as client:
        taken = await _taken(client, 200_000_000)
        await proxy.patch(enabled=False)

    assert 4_000_000 < taken < 150_000_000
    assert swallowing.received() == b""


async def _taken(client: Peer, size: int) -> int:
    """Send until nothing more is taken for a while, and return how much was."""
    loop = asyncio.get_running_loop()
    taken = 0
    piece = bytes(256 * 1024)
    while taken < size:
        try:
            taken += client.socket.send(piece)
        except BlockingIOError:
            writable = asyncio.Event()
            loop.add_writer(client.socket, writable.set)
            try:
                await asyncio.wait_for(writable.wait(), 0.7)
            except TimeoutError:
                return taken
            finally:
                loop.remove_writer(client.socket)
    return taken


@pytest.mark.tx("TX-081")
@pytest.mark.parametrize("stream", ["upstream", "downstream"])
async def test_bulk(make_proxy: MakeProxy, echoing: Upstream, stream: str) -> None:
    """Megabytes arrive whole and in order, both ways at once."""
    proxy = await make_proxy(echoing, {"kind": "noop", "stream": stream})
    sent = os.urandom(8_000_000)
    async with await connect(proxy.listen) as client:
        sending = asyncio.create_task(_send_all(client, sent))
        received = await client.receive_exactly(len(sent), within=20)
        await sending

    assert received == sent


async def _send_all(client: Peer, data: bytes) -> None:
    async with asyncio.timeout(20):
        await asyncio.get_running_loop().sock_sendall(client.socket, data)


@pytest.mark.tx("TX-082")
async def test_small_packets_leave_at_once(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Small writes are not held back to be joined with others (Nagle's algorithm is off on both sockets)."""
    proxy = await make_proxy(echoing)
    async with await connect(proxy.listen) as client:
        times = []
        for _ in range(20):
            started = time.monotonic()
            await client.send(b"a")
            await asyncio.sleep(0.001)
            await client.send(b"b")
            await client.receive_exactly(2)
            times.append(time.monotonic() - started)

    # With Nagle's algorithm the second byte waits for a delayed acknowledgement, 40 ms.
    assert statistics.median(times) < 0.03
