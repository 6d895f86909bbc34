"""What only the embedded server can tell: its journal and its live counters."""

from __future__ import annotations

import asyncio
import time

import pytest

from harness.testbed.ports import Connection, Direction
from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.servers import Server
from tests.conformance.toxiproxy.test_links import round_trip
from tests.conformance.toxiproxy.wire import End, Upstream, closed_port, connect, deaf, sends, upstream


async def _journal(server: Server, name: str, *, closed: int) -> list[dict[str, object]]:
    """Return a proxy's journal when so many of its connections are closed."""
    async with asyncio.timeout(5):
        while True:
            entries: list[dict[str, object]] = (await server.control.get(f"/embedded/journal/{name}"))["connections"]
            if sum(entry["closed_at"] is not None for entry in entries) >= closed:
                return entries
            await asyncio.sleep(0.01)


async def test_a_connection_in_the_journal(embedded: Server, make_embedded: MakeProxy, echoing: Upstream) -> None:
    """The journal tells when a connection was opened and closed, what it carried and how it ended."""
    before = time.time()
    proxy = await make_embedded(echoing)
    async with await connect(proxy.listen) as client:
        await round_trip(client, b"12345")
        (still_open,) = await _journal(embedded, proxy.name, closed=0)
    (closed,) = await _journal(embedded, proxy.name, closed=1)

    assert still_open | {"opened_at": 0} == {
        "number": 1,
        "opened_at": 0,
        "closed_at": None,
        "toxics": [],
        "bytes_up": 5,
        "bytes_down": 5,
        "end": None,
    }
    assert (closed["bytes_up"], closed["bytes_down"], closed["end"]) == (5, 5, "fin")
    assert before <= float(str(closed["opened_at"])) <= float(str(closed["closed_at"])) <= time.time()


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("latency", {"latency": 1}),
        ("bandwidth", {"rate": 100}),
        ("timeout", {"timeout": 20}),
        ("reset_peer", {"timeout": 0}),
        ("slicer", {"average_size": 2, "delay": 1}),
        ("limit_data", {"bytes": 3}),
    ],
)
async def test_toxics_that_acted(
    embedded: Server, make_embedded: MakeProxy, echoing: Upstream, kind: str, attributes: dict[str, int]
) -> None:
    """A toxic is named once it has acted; an idle connection, or one it spared, does not name it."""
    proxy = await make_embedded(
        echoing,
        {"kind": kind, "name": "hit", "stream": "upstream", **attributes},
        {"kind": kind, "name": "spared", "toxicity": 0.0, **attributes},
        {"kind": "noop", "name": "nothing"},
    )
    async with await connect(proxy.listen) as client:
        if kind != "timeout":
            # The end of an idle connection springs a reset_peer, and a timeout closes it: those do act on it.
            (idle,) = await _journal(embedded, proxy.name, closed=0)
            assert idle["toxics"] == []
        await client.send(b"12345")
        await client.to_the_end(within=0.2)
    entries = await _journal(embedded, proxy.name, closed=1)

    assert entries[0]["toxics"] == ["hit"]


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("latency", {"latency": 0}),
        ("slicer", {"average_size": 100}),
        ("limit_data", {"bytes": 100}),
        ("slow_close", {}),
    ],
)
async def test_toxics_that_made_no_difference(
    embedded: Server, make_embedded: MakeProxy, echoing: Upstream, kind: str, attributes: dict[str, int]
) -> None:
    """A toxic that ran and changed nothing is not named."""
    proxy = await make_embedded(echoing, {"kind": kind, **attributes})
    async with await connect(proxy.listen) as client:
        await round_trip(client, b"12345")
    (entry,) = await _journal(embedded, proxy.name, closed=1)

    assert entry["toxics"] == []


async def test_slow_close_acted(embedded: Server, make_embedded: MakeProxy) -> None:
    """A slow_close is named when it has delayed an end."""
    async with upstream(sends(b"x")) as service:
        proxy = await make_embedded(service, {"kind": "slow_close", "delay": 20})
        async with await connect(proxy.listen) as client:
            await client.to_the_end()
    (entry,) = await _journal(embedded, proxy.name, closed=1)

    assert entry["toxics"] == ["slow_close_downstream"]


async def test_toxics_in_the_order_in_which_they_acted(
    embedded: Server, make_embedded: MakeProxy, echoing: Upstream
) -> None:
    """Toxics stand in the order in which they first acted, not in that of their addition."""
    proxy = await make_embedded(
        echoing,
        {"kind": "latency", "name": "second", "latency": 5},
        {"kind": "latency", "name": "first", "stream": "upstream", "latency": 5},
    )
    async with await connect(proxy.listen) as client:
        await round_trip(client)
    (entry,) = await _journal(embedded, proxy.name, closed=1)

    assert entry["toxics"] == ["first", "second"]


async def test_ends(embedded: Server, make_embedded: MakeProxy, echoing: Upstream) -> None:
    """The journal and the client agree on how a connection ended, on every way."""
    proxy = await make_embedded(echoing)
    seen: list[End] = []
    async with await connect(proxy.listen) as client:  # the client ends
        client.end_writing()
        seen.append((await client.to_the_end())[1])
    async with await connect(proxy.listen) as client:  # the proxy is disabled
        await round_trip(client)
        await proxy.patch(enabled=False)
        seen.append((await client.to_the_end())[1])
    await proxy.add("reset_peer", name="r", timeout=0)
    await proxy.patch(enabled=True)
    async with await connect(proxy.listen) as client:  # a toxic resets
        await client.send(b"x")
        seen.append((await client.to_the_end())[1])
    await proxy.remove("r")
    client = await connect(proxy.listen)  # the client resets
    await round_trip(client)
    client.reset()
    seen.append(End.RST)
    entries = await _journal(embedded, proxy.name, closed=4)

    assert [entry["end"] for entry in entries] == seen == [End.FIN, End.FIN, End.RST, End.RST]


async def test_dead_upstream_in_the_journal(embedded: Server, make_embedded: MakeProxy) -> None:
    """A connection whose upstream was dead is in the journal too."""
    proxy = await make_embedded(closed_port())
    async with await connect(proxy.listen) as client:
        await client.to_the_end()
    (entry,) = await _journal(embedded, proxy.name, closed=1)

    assert (entry["bytes_up"], entry["bytes_down"], entry["end"]) == (0, 0, "fin")


async def test_bytes_that_were_not_delivered(embedded: Server, make_embedded: MakeProxy, swallowing: Upstream) -> None:
    """Bytes that a toxic has dropped or still held do not count as delivered."""
    held = await make_embedded(swallowing, {"kind": "latency", "stream": "upstream", "latency": 60_000})
    dropped = await make_embedded(swallowing, {"kind": "timeout", "stream": "upstream", "timeout": 30})
    cut = await make_embedded(swallowing, {"kind": "limit_data", "stream": "upstream", "bytes": 3})
    for proxy, delivered in ((held, 0), (dropped, 0), (cut, 3)):
        async with await connect(proxy.listen) as client:
            await client.send(b"12345")
            await client.to_the_end(within=0.1)
            await proxy.patch(enabled=False)
        (entry,) = await _journal(embedded, proxy.name, closed=1)
        assert entry["bytes_up"] == delivered


async def test_bytes_stuck_in_the_proxy(embedded: Server, make_embedded: MakeProxy) -> None:
    """Bytes the proxy could not hand to a deaf upstream do not count as delivered."""
    async with upstream(deaf, receive_buffer=4096) as service:
        proxy = await make_embedded(service)
        async with await connect(proxy.listen) as client:
            sent = 0
            try:
                while True:
                    sent += client.socket.send(bytes(65536))
                    await asyncio.sleep(0)
            except BlockingIOError:
                pass
            await asyncio.sleep(0.05)
            await proxy.patch(enabled=False)
        (entry,) = await _journal(embedded, proxy.name, closed=1)

    assert 0 < int(str(entry["bytes_up"])) < sent


async def test_the_journal_survives_disabling(embedded: Server, make_embedded: MakeProxy, echoing: Upstream) -> None:
    """Disabling and enabling keep the journal; deleting ends it."""
    proxy = await make_embedded(echoing)
    for _ in range(2):
        async with await connect(proxy.listen) as client:
            await round_trip(client)
        await proxy.patch(enabled=False)
        await proxy.patch(enabled=True)
    entries = await _journal(embedded, proxy.name, closed=2)
    await proxy.delete()

    assert [entry["number"] for entry in entries] == [1, 2]
    assert (await embedded.control.call("GET", f"/embedded/journal/{proxy.name}")).status == 404


async def test_traffic(embedded: Server, make_embedded: MakeProxy, echoing: Upstream) -> None:
    """The counters are live: they move while a connection is open."""
    proxy = await make_embedded(echoing)

    async def traffic() -> object:
        return (await embedded.control.get("/embedded/traffic"))[proxy.name]

    assert await traffic() == {"opened": 0, "open": 0, "bytes_up": 0, "bytes_down": 0}
    async with await connect(proxy.listen) as client:
        await round_trip(client, b"123")
        assert await traffic() == {"opened": 1, "open": 1, "bytes_up": 3, "bytes_down": 3}
        await round_trip(client, b"45")
        assert await traffic() == {"opened": 1, "open": 1, "bytes_up": 5, "bytes_down": 5}
    await _journal(embedded, proxy.name, closed=1)
    assert await traffic() == {"opened": 1, "open": 0, "bytes_up": 5, "bytes_down": 5}


async def test_connections_of_the_adapter(embedded: Server, echoing: Upstream) -> None:
    """The adapter gives the journal as values."""
    proxy = await embedded.adapter.create_proxy("journalled", upstream=echoing.address)
    await proxy.add_toxic("late", kind="latency", direction=Direction.DOWNSTREAM, attributes={"latency": 5})
    async with await connect(proxy.address) as client:
        await round_trip(client)
    await _journal(embedded, proxy.name, closed=1)
    connections = await proxy.connections()
    await embedded.adapter.delete_proxy("journalled")

    assert connections is not None
    (one,) = connections
    assert isinstance(one, Connection)
    assert (one.toxics, one.bytes_up, one.bytes_down, one.end) == (("late",), 1, 1, "fin")
    assert one.closed_at is not None
    assert one.opened_at.tzinfo is not None
    assert one.opened_at <= one.closed_at
