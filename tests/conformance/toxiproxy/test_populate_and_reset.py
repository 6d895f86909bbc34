"""Lists of proxies are created in one call, and everything is put back in one call (section C of the contract)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.control import Control, Reply
from tests.conformance.toxiproxy.servers import Server
from tests.conformance.toxiproxy.wire import End, Upstream, connect


async def _populate(control: Control, *entries: dict[str, Any]) -> Reply:
    return await control.call("POST", "/populate", list(entries))


async def _forget(control: Control, *names: str) -> None:
    for name in names:
        await control.call("DELETE", f"/proxies/{name}")


def _entry(name: str, upstream: str = "127.0.0.1:1", **fields: Any) -> dict[str, Any]:
    return {"name": name, "upstream": upstream, "listen": "127.0.0.1:0", **fields}


@pytest.mark.tx("TX-040", "TX-046")
async def test_populate(control: Control, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Proxies are created and answered in the order of the list; others are left alone."""
    other = await make_proxy(echoing)
    reply = await _populate(control, _entry("z", toxics=[{"type": "noop"}]), _entry("a", enabled=False))
    await _forget(control, "z", "a")

    assert reply.status == 201
    assert [(made["name"], made["enabled"], made["toxics"]) for made in reply.json()["proxies"]] == [
        ("z", True, []),
        ("a", False, []),
    ]
    assert (await other.show()) == other.made


@pytest.mark.tx("TX-040")
async def test_populate_nothing(control: Control) -> None:
    """An empty list is answered with null."""
    reply = await _populate(control)

    assert (reply.status, reply.body) == (201, b'{"proxies":null}')


@pytest.mark.tx("TX-041")
@pytest.mark.parametrize("body", [b'{"name": "a"}', b"", b"[{", b"rubbish", b"[5]", b'[{"name": 5}]'])
async def test_populate_with_a_bad_body(control: Control, body: bytes) -> None:
    """What is no list of objects is a 400 with null for the proxies."""
    reply = await control.call("POST", "/populate", body)
    said = reply.json()

    assert reply.status == 400
    assert said["error"].startswith("bad request body: ")
    assert (said["status"], said["proxies"]) == (400, None)


@pytest.mark.tx("TX-042")
@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([_entry("ok"), {"upstream": "x:1"}], "missing required field: name at proxy 2"),
        ([{"name": "a"}, _entry("ok")], "missing required field: upstream at proxy 1"),
        ([_entry("ok"), None], "missing required field: name at proxy 2"),
    ],
)
async def test_populate_is_validated_first(control: Control, entries: list[Any], message: str) -> None:
    """A missing field in one entry means that none is created."""
    reply = await control.call("POST", "/populate", entries)

    assert reply.status == 400
    assert reply.json() == {"error": message, "status": 400, "proxies": None}
    assert (await control.call("GET", "/proxies/ok")).status == 404


@pytest.mark.tx("TX-043")
async def test_populate_with_what_is_there(control: Control, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """An entry that is there already stays as it is, with its toxics, connections and enabled flag."""
    proxy = await make_proxy(echoing, {"kind": "latency", "latency": 5})
    port = proxy.listen.rpartition(":")[2]
    async with await connect(proxy.listen) as client:
        for listen in (proxy.listen, f"localhost:{port}"):
            reply = await _populate(control, _entry(proxy.name, echoing.address, listen=listen, enabled=False))
            assert reply.json()["proxies"] == [await proxy.show()]
        await client.send(b"still")
        assert await client.receive() == b"still"
    shown = await proxy.show()
    assert shown["enabled"] is True
    assert len(shown["toxics"]) == 1


@pytest.mark.tx("TX-043")
async def test_populate_does_not_enable(control: Control, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A disabled proxy that is there already stays disabled."""
    proxy = await make_proxy(echoing)
    await proxy.patch(enabled=False)
    reply = await _populate(control, _entry(proxy.name, echoing.address, listen=proxy.listen, enabled=True))

    assert reply.json()["proxies"][0]["enabled"] is False


@pytest.mark.tx("TX-044")
async def test_populate_replaces(
    control: Control, make_proxy: MakeProxy, echoing: Upstream, swallowing: Upstream
) -> None:
    """Another upstream, or port 0, makes a new proxy without toxics."""
    proxy = await make_proxy(echoing, {"kind": "latency", "latency": 5})
    async with await connect(proxy.listen) as client:
        await client.send(b"x")
        await client.receive()
        other = (await _populate(control, _entry(proxy.name, swallowing.address, listen=proxy.listen))).json()[
            "proxies"
        ][0]
        assert await client.to_the_end() == (b"", End.FIN)
    moved = (await _populate(control, _entry(proxy.name, swallowing.address))).json()["proxies"][0]

    assert (other["listen"], other["toxics"], other["upstream"]) == (proxy.listen, [], swallowing.address)
    assert moved["listen"] != proxy.listen


@pytest.mark.tx("TX-045")
async def test_populate_fails_midway(control: Control, echoing: Upstream) -> None:
    """A failure keeps what was done before it and does not go on."""
    taken = _entry("second", listen=echoing.address)
    reply = await _populate(control, _entry("first"), taken, _entry("third"))
    said = reply.json()
    there = [(await control.call("GET", f"/proxies/{name}")).status for name in ("first", "second", "third")]
    await _forget(control, "first")

    assert reply.status == said["status"] == 500
    assert said["error"].endswith("bind: address already in use")
    assert [made["name"] for made in said["proxies"]] == ["first"]
    assert there == [200, 404, 404]


@pytest.mark.tx("TX-045")
async def test_populate_fails_at_once(control: Control, echoing: Upstream) -> None:
    """A failure of the first entry leaves null."""
    reply = await _populate(control, _entry("first", listen=echoing.address))

    assert reply.json()["proxies"] is None


@pytest.mark.tx("TX-045")
async def test_populate_fails_to_replace(control: Control, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A proxy that could not move to a taken port is left disabled; for a bad address it is left alone."""
    proxy = await make_proxy(echoing)
    bad = await _populate(control, _entry(proxy.name, echoing.address, listen="bad"))
    untouched = await proxy.show()
    taken = await _populate(control, _entry(proxy.name, echoing.address, listen=echoing.address))
    left = await proxy.show()

    assert bad.status == taken.status == 500
    assert untouched == proxy.made
    assert left["enabled"] is False


@pytest.mark.tx("TX-046")
async def test_populate_twice_the_same_name(control: Control) -> None:
    """Of two entries with one name the second wins, and the first is answered as disabled."""
    reply = await _populate(control, _entry("twice", "x:1"), _entry("twice", "x:2"))
    shown = await control.get("/proxies/twice")
    await _forget(control, "twice")
    first, second = reply.json()["proxies"]

    assert (first["enabled"], second["enabled"]) == (False, True)
    assert shown["upstream"] == "x:2"


@pytest.fixture
def alone(server: Server) -> Server:
    """Reset touches every proxy there is: nothing else runs on these servers, so that is fine."""
    return server


@pytest.mark.tx("TX-050")
async def test_reset(alone: Server, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Reset enables everything and removes all toxics; ports and connections stay."""
    proxy = await make_proxy(
        echoing, {"kind": "latency", "latency": 100}, {"kind": "latency", "stream": "upstream", "latency": 100}
    )
    disabled = await make_proxy(echoing)
    await disabled.patch(enabled=False)
    async with await connect(proxy.listen) as client:
        await client.send(b"x")
        await client.receive()
        reply = await alone.control.call("POST", "/reset", b"ignored")
        sent_at = time.monotonic()
        await client.send(b"y")

        assert (reply.status, reply.body) == (204, b"")
        assert await client.receive() == b"y"
        assert time.monotonic() - sent_at < 0.1
    assert await proxy.show() == {**proxy.made, "toxics": []}
    assert (await disabled.show())["enabled"] is True
    assert (await disabled.show())["listen"] == disabled.listen


@pytest.mark.tx("TX-050", "TX-094")
async def test_reset_closes_what_timed_out(alone: Server, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Reset closes connections that a timeout toxic was on."""
    proxy = await make_proxy(echoing, {"kind": "timeout", "timeout": 0})
    async with await connect(proxy.listen) as client:
        await client.send(b"x")
        await echoing.has_received(b"x")
        await alone.control.call("POST", "/reset")

        assert await client.to_the_end() == (b"", End.FIN)


@pytest.mark.tx("TX-051")
async def test_reset_that_cannot_start_a_proxy(alone: Server, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A proxy that cannot be started makes reset a 500; on our server the others are reset all the same."""
    await make_proxy(echoing, name="aa-blocked", listen=echoing.address, enabled=False)
    slow = await make_proxy(echoing, {"kind": "latency", "latency": 5})
    reply = await alone.control.call("POST", "/reset")

    assert reply.status == 500
    assert "address already in use" in reply.error
    if alone.embedded:
        assert (await slow.show())["toxics"] == []


async def test_populate_many_at_once(control: Control) -> None:
    """Several lists can be on their way at the same time."""
    names = [[f"many-{batch}-{number}" for number in range(10)] for batch in range(5)]
    replies = await asyncio.gather(*(_populate(control, *map(_entry, batch)) for batch in names))
    index = await control.get("/proxies")
    for batch in names:
        await _forget(control, *batch)

    assert {reply.status for reply in replies} == {201}
    assert {name for batch in names for name in batch} <= set(index)
