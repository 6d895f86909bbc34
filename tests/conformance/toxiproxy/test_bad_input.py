"""Whatever clients, services and callers do, the embedded server answers and goes on, and nothing piles up in it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import time
from pathlib import Path

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.control import Control
from tests.conformance.toxiproxy.servers import Program, Server, program
from tests.conformance.toxiproxy.test_links import round_trip
from tests.conformance.toxiproxy.wire import (
    End,
    Peer,
    Upstream,
    connect,
    deaf,
    echo,
    half_closes,
    never_accepts,
    resets,
    sends,
    upstream,
)

# -- the control API


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"rubbish\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /version HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n",
        b"POST /proxies HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n" + bytes(20_000_000),
    ],
)
async def test_what_is_no_request(embedded: Server, request_bytes: bytes) -> None:
    """Bytes that are no request, or too many, are answered with an error; the server goes on."""
    async with await connect(embedded.control.address) as client:
        with contextlib.suppress(OSError):
            await client.send(request_bytes)
        received, _ = await client.to_the_end(within=20)

    assert received.startswith((b"HTTP/1.1 4", b"HTTP/1.1 505 "))
    assert (await embedded.control.call("GET", "/version")).status == 200


HEAD = b"POST /proxies HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads memory in /proc")
@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"GET /", b"a" * 65536),
        (HEAD, b"X: y\r\n" * 11_000),
        (HEAD + b"Cookie: ", b"a" * 65536),
        (HEAD + b"Content-Length: 9000000000\r\n\r\n", bytes(65536)),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + bytes(65536) + b"\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 11_000),
        (b"", b"GET /proxies HTTP/1.1\r\nHost: x\r\n\r\n" * 2000),
        (b"", b"\r\n" * 32768),
    ],
    ids=["URL", "headers", "one header", "body", "chunks", "trailers", "answers unread", "blank lines"],
)
async def test_requests_without_an_end(first: bytes, then: bytes) -> None:
    """Fifty clients that send without an end, and read no answer, cost little memory; others are served meanwhile."""
    async with program("embedded") as running:
        for number in range(50):
            await running.control.proxy("x:1", name=f"{number}" * 10, enabled=False)
        before = _resident(running)
        most = before
        clients = [await connect(running.address, receive_buffer=4096) for _ in range(50)]

        async def flood(client: Peer) -> None:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(3):
                    await client.send(first)
                    for _ in range(150):
                        await client.send(then)

        floods = asyncio.gather(*map(flood, clients))
        try:
            while not floods.done():
                assert (await running.control.call("GET", "/version")).status == 200
                most = max(most, _resident(running))
                await asyncio.wait([floods], timeout=0.05)
        finally:
            await floods
            for client in clients:
                client.close()

    # A connection holds what one read brings, at most 256 KiB, and a head or a small body; 8 have a large one.
    assert most - before < 60_000_000


async def test_cut_requests(embedded: Server) -> None:
    """Callers that vanish in the middle of a request leave no trace."""
    whole = b'POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\n{"name": "half", "upstream": "x:1"'
    for length in range(0, len(whole), 7):
        async with await connect(embedded.control.address) as client:
            await client.send(whole[:length])
    assert (await embedded.control.call("GET", "/proxies/half")).status == 404


async def test_requests_in_small_pieces(embedded: Server) -> None:
    """A request may come byte by byte, and its body in chunks."""
    request = (
        b"POST /proxies HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        b'9\r\n{"name": \r\n4\r\n"a"}\r\n0\r\n\r\n'
    )
    async with await connect(embedded.control.address) as client:
        for byte in request:
            await client.send(bytes([byte]))
        received, end = await client.to_the_end()

    assert b"missing required field: upstream" in received
    assert end is End.FIN


@pytest.mark.parametrize("depth", [500, 100_000])
async def test_deep_bodies(embedded: Server, depth: int) -> None:
    """A body nested without end is a 400."""
    reply = await embedded.control.call("POST", "/proxies", b"[" * depth)

    assert reply.status == 400


@pytest.mark.parametrize(
    "value", [b'"\\ud800"', b'"\\u0000"', b'"' + b"x" * 5000 + b'"', '"日本\u2028"'.encode(), b"9" * 5000]
)
async def test_odd_names(embedded: Server, value: bytes) -> None:
    """Odd texts are taken as names or refused, and can be shown again."""
    body = b'{"upstream": "x:1", "listen": "127.0.0.1:0", "enabled": false, "name": ' + value + b"}"
    reply = await embedded.control.call("POST", "/proxies", body)

    assert reply.status in {201, 400}
    index = await embedded.control.get("/proxies")
    if reply.status == 201:
        assert reply.json()["name"] in index
    await embedded.control.call("POST", "/populate", [])


async def test_a_flood_of_control_calls(make_embedded: MakeProxy, embedded: Server, echoing: Upstream) -> None:
    """10,000 control calls in parallel with traffic are all answered, and no byte of the traffic is lost."""
    proxy = await make_embedded(echoing)
    rounds, finished = 0, asyncio.Event()

    async def traffic() -> None:
        nonlocal rounds
        async with await connect(proxy.listen) as client:
            while not finished.is_set():
                word = os.urandom(2000)
                await client.send(word)
                assert await client.receive_exactly(len(word), within=20) == word
                rounds += 1

    async def calls(number: int) -> None:
        for turn in range(100):
            name = f"t{number}"
            requests = (
                _request(
                    "POST",
                    f"{proxy.path}/toxics",
                    b'{"type":"latency","name":"%s","attributes":{"latency":1}}' % name.encode(),
                ),
                _request("PATCH", f"{proxy.path}/toxics/{name}", b'{"attributes":{"jitter":1}}'),
                _request("GET", "/proxies"),
                _request("DELETE", f"{proxy.path}/toxics/{name}"),
                _request("GET", f"{proxy.path}/toxics/{name}"),
            )
            statuses = await _on_one_connection(embedded.control, requests)
            assert statuses == [200, 200, 200, 204, 404], turn

    traffics = [asyncio.create_task(traffic()) for _ in range(4)]
    await asyncio.gather(*(calls(number) for number in range(20)))
    finished.set()
    await asyncio.gather(*traffics)

    assert rounds > 20
    assert (await proxy.show())["toxics"] == []


def _request(method: str, path: str, body: bytes = b"") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def _on_one_connection(control: Control, requests: tuple[bytes, ...]) -> list[int]:
    """Send requests one behind the other without waiting, and return the statuses of the answers."""
    host, _, port = control.address.rpartition(":")
    async with asyncio.timeout(60):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"".join(requests))
        statuses = []
        for _ in requests:
            head = await reader.readuntil(b"\r\n\r\n")
            statuses.append(int(head.split()[1]))
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
        writer.close()
        await writer.wait_closed()
    return statuses


# -- the data path


async def test_clients_that_vanish(make_embedded: MakeProxy, embedded: Server, echoing: Upstream) -> None:
    """Clients that vanish at any moment, with FIN or RST, with bytes on their way or not, leave no connection."""
    proxy = await make_embedded(echoing, {"kind": "latency", "latency": 20}, {"kind": "slicer", "average_size": 500})
    dice = random.Random(5)  # noqa: S311 - reproducible on purpose

    async def vanish() -> None:
        client = await connect(proxy.listen)
        with contextlib.suppress(OSError):
            if dice.random() < 0.8:
                await client.send(bytes(dice.randrange(1, 5000)))
            await asyncio.sleep(dice.random() * 0.03)
        (client.reset if dice.random() < 0.5 else client.close)()

    await asyncio.gather(*(vanish() for _ in range(200)))
    await _all_closed(embedded.control, proxy.name)


async def _all_closed(control: Control, name: str) -> None:
    async with asyncio.timeout(10):
        while (await control.get("/embedded/traffic"))[name]["open"]:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.02)


async def test_upstreams_that_misbehave(make_embedded: MakeProxy, embedded: Server) -> None:
    """Upstreams that reset, half-close, hang or hang up leave no connection behind."""
    for behaviour in (resets, half_closes(b"x"), sends(b""), sends(b"x" * 100_000)):
        async with upstream(behaviour) as service:
            proxy = await make_embedded(service, {"kind": "latency", "latency": 3, "jitter": 3})
            for _ in range(20):
                async with await connect(proxy.listen) as client:
                    with contextlib.suppress(OSError):
                        await client.send(b"x")
                    assert (await client.to_the_end())[1] is not End.OPEN
            await _all_closed(embedded.control, proxy.name)


async def test_hanging_upstreams_do_not_add_up(make_embedded: MakeProxy, embedded: Server, echoing: Upstream) -> None:
    """Many dials that hang leave the rest of the server as quick as ever."""
    async with never_accepts() as nowhere:
        proxy, other = await make_embedded(nowhere), await make_embedded(echoing)
        clients = [await connect(proxy.listen) for _ in range(100)]
        async with await connect(other.listen) as client:
            assert await round_trip(client) < 0.5
        started = time.monotonic()
        await embedded.control.get("/proxies")
        await proxy.delete()
        assert time.monotonic() - started < 1
        for client in clients:
            client.close()


async def test_a_slow_reader(make_embedded: MakeProxy) -> None:
    """A reader that takes its time gets everything, and holds the sender up meanwhile."""
    sent = os.urandom(6_000_000)
    async with upstream(sends(sent)) as service:
        for toxics in ((), ({"kind": "latency", "latency": 5},), ({"kind": "slicer", "average_size": 20_000},)):
            proxy = await make_embedded(service, *toxics)
            async with await connect(proxy.listen, receive_buffer=8192) as client:
                received = bytearray()
                while data := await client.receive(50_000):
                    received += data
                    await asyncio.sleep(0.0005)
                assert bytes(received) == sent


async def test_a_reader_that_never_reads(make_embedded: MakeProxy, embedded: Server) -> None:
    """A reader that never reads costs bounded memory, and the toxic before it can still be changed and removed."""
    async with upstream(sends(bytes(60_000_000))) as service:
        proxy = await make_embedded(service, {"kind": "latency", "name": "l", "latency": 1})
        async with await connect(proxy.listen, receive_buffer=4096):
            await asyncio.sleep(0.3)
            started = time.monotonic()
            await proxy.change("l", latency=100)
            await proxy.remove("l")
            await proxy.patch(enabled=False)
            assert time.monotonic() - started < 1
    await _all_closed(embedded.control, proxy.name)


async def test_both_sides_deaf(make_embedded: MakeProxy) -> None:
    """Neither side reading is no reason to spin or to hang the control API."""
    async with upstream(deaf, receive_buffer=4096) as service:
        proxy = await make_embedded(service)
        async with await connect(proxy.listen) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await asyncio.get_running_loop().sock_sendall(client.socket, bytes(20_000_000))
            started = time.monotonic()
            await proxy.add("latency", stream="upstream", latency=10)
            await proxy.delete()

    assert time.monotonic() - started < 1


# -- nothing piles up


def _descriptors(running: Program) -> int:
    return len(list(Path(f"/proc/{running.process.pid}/fd").iterdir()))


def _resident(running: Program) -> int:
    """Return resident memory in bytes."""
    pages = Path(f"/proc/{running.process.pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGESIZE")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts descriptors in /proc")
async def test_2000_connections_leave_nothing() -> None:
    """2,000 connections opened, used and closed leave no socket, no task and no memory behind."""
    async with program("embedded") as running, upstream(echo) as service:
        proxy = await running.control.proxy(
            service.address, {"kind": "latency", "latency": 1}, {"kind": "noop", "stream": "upstream"}
        )

        async def use() -> None:
            async with await connect(proxy.listen) as client:
                await client.send(bytes(1000))
                await client.receive_exactly(1000)

        async def batch() -> None:
            for _ in range(20):
                await asyncio.gather(*(use() for _ in range(100)))
            await _all_closed(running.control, proxy.name)

        await batch()  # warms up what is kept for good: pools, caches, and the journal itself
        descriptors, memory = _descriptors(running), _resident(running)
        await batch()
        state = await running.control.get("/embedded/state")
        grown = _resident(running) - memory

        # The journal's own entries are 2,000 more; each takes a few hundred bytes.
        assert grown < 4_000_000
        async with asyncio.timeout(5):
            while _descriptors(running) > descriptors:  # noqa: ASYNC110 - our own last call may still be closing
                await asyncio.sleep(0.02)
        assert state["tasks"] <= 2
        assert state["connections"] == 0


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs limits as Linux has them")
async def test_out_of_descriptors() -> None:
    """Out of file descriptors the server goes on as soon as there are some again."""
    import resource  # noqa: PLC0415 - this test alone needs it

    async with program("embedded") as running, upstream(echo) as service:
        proxy = await running.control.proxy(service.address)
        resource.prlimit(running.process.pid, resource.RLIMIT_NOFILE, (60, 60))
        sockets = [socket.socket() for _ in range(100)]
        try:
            for sock in sockets:
                sock.settimeout(0)
                sock.connect_ex(("127.0.0.1", int(proxy.listen.rpartition(":")[2])))
            await asyncio.sleep(0.2)
        finally:
            for sock in sockets:
                sock.close()
        async with asyncio.timeout(5):
            while True:
                with contextlib.suppress(OSError, AssertionError, TimeoutError):
                    async with await connect(proxy.listen) as client:
                        await round_trip(client)
                        break
        assert (await running.control.call("GET", "/version")).status == 200
