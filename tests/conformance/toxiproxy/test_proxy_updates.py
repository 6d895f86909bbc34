"""Proxies are updated, disabled, enabled and deleted as the contract's section B says."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.control import Control, host_port
from tests.conformance.toxiproxy.wire import End, Upstream, closed_port, connect, deaf, echo, sends, upstream


@pytest.mark.tx("TX-028")
@pytest.mark.parametrize("method", ["PATCH", "POST"])
async def test_update(make_proxy: MakeProxy, echoing: Upstream, method: str) -> None:
    """What an update leaves out keeps its value, and a name in it is ignored."""
    proxy = await make_proxy(echoing)
    unchanged = await proxy.call(method, body={})
    reply = await proxy.call(method, body={"name": "other", "upstream": "127.0.0.1:1"})

    assert unchanged.status == reply.status == 200
    assert unchanged.json() == proxy.made
    assert reply.json() == {**proxy.made, "upstream": "127.0.0.1:1"}
    assert (await proxy.call(method, body=b"")).error == "bad request body: EOF"


@pytest.mark.tx("TX-029")
async def test_update_to_the_same(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """An update to what is there already leaves connections alone."""
    proxy = await make_proxy(echoing)
    port = host_port(proxy.listen)[1]
    async with await connect(proxy.listen) as client:
        for fields in (
            {"listen": proxy.listen},
            {"listen": f"localhost:{port}"},
            {"upstream": echoing.address},
            {"enabled": True},
        ):
            assert (await proxy.patch(**fields)).status == 200
            await client.send(b"still")
            assert await client.receive() == b"still"


@pytest.mark.tx("TX-029")
async def test_update_to_another_upstream(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Another upstream closes connections, and new ones go there; the port stays."""
    proxy = await make_proxy(echoing)
    async with upstream(sends(b"other")) as other, await connect(proxy.listen) as old:
        await old.send(b"x")
        await old.receive()
        reply = await proxy.patch(upstream=other.address)

        assert reply.json()["listen"] == proxy.listen
        assert await old.to_the_end() == (b"", End.FIN)
        async with await connect(proxy.listen) as new:
            assert await new.to_the_end() == (b"other", End.FIN)


@pytest.mark.tx("TX-029")
async def test_update_to_a_new_port(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Port 0 is always another address: connections close and the port moves."""
    proxy = await make_proxy(echoing)
    async with await connect(proxy.listen) as old:
        await old.send(b"x")
        await old.receive()
        moved = (await proxy.patch(listen="127.0.0.1:0")).json()

        assert moved["listen"] != proxy.listen
        assert await old.to_the_end() == (b"", End.FIN)
    with pytest.raises(ConnectionRefusedError):
        await connect(proxy.listen)
    async with await connect(moved["listen"]) as new:
        await new.send(b"y")
        assert await new.receive() == b"y"


@pytest.mark.tx("TX-030")
async def test_update_to_a_bad_listen(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A bad address changes nothing."""
    proxy = await make_proxy(echoing)
    async with await connect(proxy.listen) as client:
        reply = await proxy.patch(listen="bad", upstream="127.0.0.1:1")
        await client.send(b"still")

        assert reply.status == 500
        assert reply.error == "address bad: missing port in address"
        assert await client.receive() == b"still"
    assert await proxy.show() == proxy.made


@pytest.mark.tx("TX-031")
async def test_disable_and_enable(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Disabling closes what is open and refuses what comes; enabling listens on the same port again."""
    proxy = await make_proxy(echoing, {"kind": "latency", "latency": 50})
    async with await connect(proxy.listen) as client:
        await client.send(b"x")
        await client.receive()
        assert (await proxy.patch(enabled=False)).json()["enabled"] is False
        assert await client.to_the_end() == (b"", End.FIN)
    with pytest.raises(ConnectionRefusedError):
        await connect(proxy.listen)
    assert (await proxy.patch(enabled=False)).status == 200
    enabled = (await proxy.patch(enabled=True)).json()

    assert enabled["listen"] == proxy.listen
    assert len(enabled["toxics"]) == 1
    async with await connect(proxy.listen) as client:
        sent_at = time.monotonic()
        await client.send(b"y")
        assert await client.receive() == b"y"
        assert time.monotonic() - sent_at >= 0.05


@pytest.mark.tx("TX-031")
async def test_disable_drops_what_is_queued(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """Disabling does not wait for bytes on their way; they are lost."""
    proxy = await make_proxy(swallowing, {"kind": "latency", "stream": "upstream", "latency": 3000})
    async with await connect(proxy.listen) as client:
        await client.send(b"lost")
        await swallowing.saw("accepted")
        started = time.monotonic()
        await proxy.patch(enabled=False)
        took = time.monotonic() - started

        assert took < 1
        assert (await client.to_the_end())[1] is not End.OPEN
        await swallowing.saw("fin", within=1)
        assert swallowing.received() == b""


@pytest.mark.tx("TX-031", "TX-034")
async def test_both_peers_are_closed(make_proxy: MakeProxy, swallowing: Upstream) -> None:
    """When disabling returns, both peers find their connection ended."""
    proxy = await make_proxy(swallowing)
    clients = [await connect(proxy.listen) for _ in range(20)]
    await swallowing.saw("accepted", times=20)
    await proxy.patch(enabled=False)
    for client in clients:
        assert await client.to_the_end(within=1) == (b"", End.FIN)
        client.close()
    await swallowing.saw("fin", times=20, within=1)


@pytest.mark.tx("TX-032")
async def test_unread_bytes_make_it_a_reset(make_proxy: MakeProxy) -> None:
    """A peer whose bytes were still unread sees RST when the proxy is disabled."""
    async with upstream(deaf, receive_buffer=4096) as service:
        proxy = await make_proxy(service)
        async with await connect(proxy.listen) as client:
            with pytest.raises(TimeoutError):
                await _flood(client.socket, 30_000_000)
            await proxy.patch(enabled=False)

            assert (await client.to_the_end())[1] is End.RST


async def _flood(sock: socket.socket, size: int) -> None:
    async with asyncio.timeout(1):
        await asyncio.get_running_loop().sock_sendall(sock, bytes(size))


@pytest.mark.tx("TX-034", "TX-035")
async def test_delete(control: Control, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """Deleting closes connections, and name and port are free at once."""
    proxy = await make_proxy(echoing)
    async with await connect(proxy.listen) as client:
        await client.send(b"x")
        await client.receive()
        first, second = await proxy.call("DELETE"), await proxy.call("DELETE")

        assert (first.status, first.body) == (204, b"")
        assert (second.status, second.error) == (404, "proxy not found")
        assert await client.to_the_end() == (b"", End.FIN)
        again = await control.proxy(echoing.address, name=proxy.name, listen=proxy.listen)
        async with await connect(again.listen) as new:
            await new.send(b"y")
            assert await new.receive() == b"y"


@pytest.mark.tx("TX-035")
async def test_restarts_on_one_port(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A port that has just carried connections can be listened on again, any number of times."""
    proxy = await make_proxy(echoing)
    for _ in range(10):
        async with await connect(proxy.listen) as client:
            await client.send(b"x")
            assert await client.receive() == b"x"
            assert (await proxy.patch(enabled=False)).status == 200
        assert (await proxy.patch(enabled=True)).status == 200


@pytest.mark.tx("TX-028")
async def test_upstream_can_come_later(make_proxy: MakeProxy) -> None:
    """A proxy serves as soon as its upstream does."""
    proxy = await make_proxy(closed_port())
    async with upstream(echo) as service:
        await proxy.patch(upstream=service.address)
        async with await connect(proxy.listen) as client:
            await client.send(b"x")
            assert await client.receive() == b"x"
