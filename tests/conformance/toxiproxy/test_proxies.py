"""Proxies are created, updated, disabled and deleted as the contract's section B says."""

from __future__ import annotations

import pytest

from tests.conformance.toxiproxy.conftest import MakeProxy
from tests.conformance.toxiproxy.control import Control, host_port
from tests.conformance.toxiproxy.wire import End, Upstream, closed_port, connect


@pytest.mark.tx("TX-020", "TX-021")
async def test_create(control: Control, echoing: Upstream) -> None:
    """A created proxy is answered with everything there is to know."""
    reply = await control.call(
        "POST",
        "/proxies",
        {"name": "made", "upstream": echoing.address, "listen": "127.0.0.1:0", "toxics": [{"type": "latency"}]},
    )
    await control.call("DELETE", "/proxies/made")
    made = reply.json()

    assert reply.status == 201
    assert made.pop("Logger", {}) == {}
    listen = made.pop("listen")
    assert made == {"name": "made", "upstream": echoing.address, "enabled": True, "toxics": []}
    assert listen.startswith("127.0.0.1:")


@pytest.mark.tx("TX-021")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"upstream": "127.0.0.1:1"}, "name"),
        ({"name": "", "upstream": "127.0.0.1:1"}, "name"),
        ({"name": "a"}, "upstream"),
        ({"name": "a", "upstream": ""}, "upstream"),
    ],
)
async def test_required_fields(control: Control, body: dict[str, str], field: str) -> None:
    """Name, then upstream, have to be there."""
    reply = await control.call("POST", "/proxies", body)

    assert reply.status == 400
    assert reply.error == f"missing required field: {field}"


@pytest.mark.tx("TX-022")
@pytest.mark.parametrize("listen", ["", ":0", None])
async def test_listen_on_all_interfaces(make_proxy: MakeProxy, echoing: Upstream, listen: str | None) -> None:
    """Without a host a proxy listens on all interfaces, on a port that the answer tells."""
    proxy = await make_proxy(echoing, listen=listen)
    host, port = host_port(proxy.listen)

    assert host in {"[::]", "0.0.0.0"}  # noqa: S104 - compared, not bound
    async with await connect(f"127.0.0.1:{port}") as client:
        await client.send(b"hello")
        assert await client.receive() == b"hello"


@pytest.mark.tx("TX-022")
@pytest.mark.parametrize("listen", ["localhost:0", "127.0.0.1:0"])
async def test_listen_is_answered_resolved(make_proxy: MakeProxy, echoing: Upstream, listen: str) -> None:
    """The answered address is numeric and has the real port."""
    proxy = await make_proxy(echoing, listen=listen)
    host, port = host_port(proxy.listen)

    assert host == "127.0.0.1"
    assert port > 0
    assert (await proxy.show())["listen"] == proxy.listen


@pytest.mark.tx("TX-023")
@pytest.mark.parametrize("listen", ["127.0.0.1:0", "no-such-host.invalid:80", "localhost:0"])
async def test_created_disabled(make_proxy: MakeProxy, echoing: Upstream, listen: str) -> None:
    """What is created disabled binds nothing and keeps its address as sent."""
    proxy = await make_proxy(echoing, listen=listen, enabled=False)

    assert proxy.listen == listen
    assert proxy.made["enabled"] is False


@pytest.mark.tx("TX-023", "TX-033")
async def test_created_disabled_on_a_taken_port(make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A taken port is no objection while the proxy is disabled, and is one when it is enabled."""
    proxy = await make_proxy(echoing, listen=echoing.address, enabled=False)
    reply = await proxy.patch(enabled=True)

    assert reply.status == 500
    assert reply.error == f"listen tcp {echoing.address}: bind: address already in use"
    assert (await proxy.show())["enabled"] is False


@pytest.mark.tx("TX-024")
async def test_name_taken(control: Control, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """A name that is taken is refused before anything is bound, and the old proxy goes on."""
    proxy = await make_proxy(echoing)
    async with await connect(proxy.listen) as client:
        await client.send(b"1")
        assert await client.receive() == b"1"
        reply = await control.call(
            "POST", "/proxies", {"name": proxy.name, "upstream": "x:1", "listen": echoing.address}
        )
        await client.send(b"2")

        assert reply.status == 409
        assert reply.error == "proxy already exists"
        assert await client.receive() == b"2"
    assert (await proxy.show())["upstream"] == echoing.address


@pytest.mark.tx("TX-025")
@pytest.mark.parametrize(
    ("listen", "message"),
    [
        ("bad", "listen tcp: address bad: missing port in address"),
        ("127.0.0.1", "listen tcp: address 127.0.0.1: missing port in address"),
        ("127.0.0.1:99999", "listen tcp: address 99999: invalid port"),
        ("no-such-host.invalid:80", "listen tcp: lookup no-such-host.invalid"),
    ],
)
async def test_bad_listen(control: Control, echoing: Upstream, listen: str, message: str) -> None:
    """An address that cannot be had is a 500 in Go's words, and there is no proxy."""
    reply = await control.call("POST", "/proxies", {"name": "bad", "upstream": echoing.address, "listen": listen})

    assert reply.status == 500
    assert reply.error.startswith(message)
    assert (await control.call("GET", "/proxies/bad")).status == 404


@pytest.mark.tx("TX-025")
async def test_port_taken(control: Control, echoing: Upstream) -> None:
    """A port that is in use is a 500, and there is no proxy."""
    reply = await control.call("POST", "/proxies", {"name": "bad", "upstream": "x:1", "listen": echoing.address})

    assert reply.status == 500
    assert reply.error == f"listen tcp {echoing.address}: bind: address already in use"
    assert (await control.call("GET", "/proxies/bad")).status == 404


@pytest.mark.tx("TX-026", "TX-073")
@pytest.mark.parametrize("up", ["rubbish", "no-such-host.invalid:80", "127.0.0.1:99999", "a:b:c"])
async def test_upstream_is_not_looked_at(make_proxy: MakeProxy, up: str) -> None:
    """Whatever the upstream is, the proxy is created; its clients are closed."""
    proxy = await make_proxy(up)
    async with await connect(proxy.listen) as client:
        assert await client.to_the_end() == (b"", End.FIN)


@pytest.mark.tx("TX-027")
async def test_index(control: Control, make_proxy: MakeProxy, echoing: Upstream) -> None:
    """The index is keyed by name."""
    proxy = await make_proxy(echoing)
    index = await control.get("/proxies")

    assert index[proxy.name]["listen"] == proxy.listen
    assert index[proxy.name] == await proxy.show()


@pytest.mark.tx("TX-027")
@pytest.mark.parametrize(
    ("method", "below"),
    [
        ("GET", ""),
        ("POST", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/toxics"),
        ("POST", "/toxics"),
        ("GET", "/toxics/t"),
        ("POST", "/toxics/t"),
        ("PATCH", "/toxics/t"),
        ("DELETE", "/toxics/t"),
    ],
)
async def test_unknown_proxy(control: Control, method: str, below: str) -> None:
    """Everything below an unknown proxy is the same 404."""
    reply = await control.call(method, f"/proxies/nobody{below}", b"rubbish" if method in {"POST", "PATCH"} else None)

    assert reply.status == 404
    assert reply.error == "proxy not found"


@pytest.mark.tx("TX-073")
async def test_dead_upstream(make_proxy: MakeProxy) -> None:
    """A dead upstream looks like a connection that is closed, never like a refused one."""
    proxy = await make_proxy(closed_port())
    async with await connect(proxy.listen) as client:
        assert await client.to_the_end() == (b"", End.FIN)
