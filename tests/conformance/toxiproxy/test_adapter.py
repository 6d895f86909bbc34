"""One adapter means the same on every provider."""

from __future__ import annotations

import asyncio
import time

import pytest

from harness.environment.toxiproxy.consumer import Missing, Taken
from harness.errors import EnvironmentUnavailable, UsageError
from harness.testbed.ports import Direction
from tests.conformance.toxiproxy.servers import Server
from tests.conformance.toxiproxy.test_links import round_trip
from tests.conformance.toxiproxy.wire import End, Upstream, connect


async def test_a_proxy_through_the_adapter(server: Server, echoing: Upstream) -> None:
    """A proxy can be made, disturbed, healed, disabled and deleted in the same way everywhere."""
    adapter = server.adapter
    proxy = await adapter.create_proxy("saga/flights", upstream=echoing.address)
    try:
        assert "/" not in proxy.name
        assert proxy.address.startswith("127.0.0.1:")
        async with await connect(proxy.address) as client:
            await round_trip(client)
            await proxy.add_toxic("late", kind="latency", direction=Direction.UPSTREAM, attributes={"latency": 60})
            assert await round_trip(client) >= 0.06
            await proxy.update_toxic("late", attributes={"latency": 120})
            assert await round_trip(client) >= 0.12
        await proxy.remove_toxic("late")
        async with await connect(proxy.address) as client:
            assert await round_trip(client) < 0.06
            await proxy.disable()
            assert (await client.to_the_end())[1] is End.FIN
        with pytest.raises(ConnectionRefusedError):
            await connect(proxy.address)
        await proxy.enable()
        async with await connect(proxy.address) as client:
            await round_trip(client)
        assert (await proxy.connections() is None) is not server.embedded
    finally:
        await adapter.delete_proxy("saga/flights")
    with pytest.raises(ConnectionRefusedError):
        await connect(proxy.address)
    await adapter.delete_proxy("saga/flights")


@pytest.mark.tx("TX-130")
async def test_removal_keeps_the_other_toxics(server: Server, echoing: Upstream) -> None:
    """Removing one toxic leaves address, order and settings of the others, and a disabled proxy disabled."""
    adapter = server.adapter
    proxy = await adapter.create_proxy("several", upstream=echoing.address)
    try:
        for name, direction in (("a", Direction.UPSTREAM), ("b", Direction.DOWNSTREAM), ("c", Direction.UPSTREAM)):
            await proxy.add_toxic(name, kind="latency", direction=direction, attributes={"latency": 1, "jitter": 1})
        await proxy.update_toxic("c", attributes={"latency": 30})
        await proxy.remove_toxic("a")
        toxics = (await server.control.get(f"/proxies/{proxy.name}"))["toxics"]
        await proxy.disable()
        await proxy.remove_toxic("b")
        disabled = await server.control.get(f"/proxies/{proxy.name}")
        await proxy.enable()
        enabled = await server.control.get(f"/proxies/{proxy.name}")
    finally:
        await adapter.delete_proxy("several")

    assert [(toxic["name"], toxic["attributes"]) for toxic in toxics] == [
        ("c", {"latency": 30, "jitter": 1}),
        ("b", {"latency": 1, "jitter": 1}),
    ]
    assert disabled["enabled"] is False
    assert enabled["enabled"] is True
    assert [toxic["name"] for toxic in enabled["toxics"]] == ["c"]
    assert enabled["listen"] == proxy.address


@pytest.mark.tx("TX-130")
async def test_removal_never_hangs(server: Server) -> None:
    """A latency taken away while clients are gone and bytes are queued, which hangs a real server, is taken away."""
    from tests.conformance.toxiproxy.wire import sends, upstream  # noqa: PLC0415 - this test alone needs them

    async with upstream(sends(bytes(300_000))) as service:
        proxy = await server.adapter.create_proxy("hanging", upstream=service.address)
        try:
            for turn in range(3):
                await proxy.add_toxic(
                    "late", kind="latency", direction=Direction.DOWNSTREAM, attributes={"latency": 300}
                )
                for _ in range(6):
                    async with await connect(proxy.address) as client:
                        with pytest.raises(TimeoutError):
                            await client.receive(within=0.02)
                started = time.monotonic()
                await proxy.remove_toxic("late")
                assert time.monotonic() - started < 2, f"turn {turn}"
                assert proxy.name in await server.control.get("/proxies")
        finally:
            await server.adapter.delete_proxy("hanging")


async def test_many_proxies_at_once(server: Server, echoing: Upstream) -> None:
    """Fifty scenarios make and delete their proxies at the same time, in a few milliseconds each."""
    started = time.monotonic()
    proxies = await asyncio.gather(
        *(server.adapter.create_proxy(f"many-{number}", upstream=echoing.address) for number in range(50))
    )
    took = time.monotonic() - started
    await asyncio.gather(*(server.adapter.delete_proxy(proxy.name) for proxy in proxies))

    assert len({proxy.address for proxy in proxies}) == 50
    assert took < 2


async def test_name_taken(server: Server, echoing: Upstream) -> None:
    """A name that is taken is an error that says so, and the first proxy stays."""
    await server.adapter.create_proxy("taken", upstream=echoing.address)
    try:
        with pytest.raises(Taken, match="proxy already exists"):
            await server.adapter.create_proxy("taken", upstream=echoing.address)
    finally:
        await server.adapter.delete_proxy("taken")


async def test_errors_say_what_came(server: Server, echoing: Upstream) -> None:
    """A wrong type or attribute is the user's mistake, and a proxy that is gone is a broken environment."""
    proxy = await server.adapter.create_proxy("errors", upstream=echoing.address)
    down = Direction.DOWNSTREAM
    try:
        with pytest.raises(UsageError, match="invalid toxic type"):
            await proxy.add_toxic("t", kind="nonsense", direction=down, attributes={})
        with pytest.raises(UsageError, match="bad request body"):
            await proxy.add_toxic("t", kind="latency", direction=down, attributes={"latency": 2**70})
        with pytest.raises(EnvironmentUnavailable):
            await proxy.remove_toxic("t")
        await server.control.call("DELETE", f"/proxies/{proxy.name}")
        with pytest.raises(Missing, match="proxy not found"):
            await proxy.disable()
    finally:
        await server.adapter.delete_proxy("errors")


async def test_a_taken_port_is_told(server: Server, echoing: Upstream) -> None:
    """Enabling a proxy whose port somebody has taken is an error that names the port."""
    import socket  # noqa: PLC0415 - this test alone needs it

    proxy = await server.adapter.create_proxy("squatted", upstream=echoing.address)
    try:
        await proxy.disable()
        with socket.socket() as squatter:
            squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            squatter.bind(("127.0.0.1", int(proxy.address.rpartition(":")[2])))
            squatter.listen()
            with pytest.raises(Taken, match=proxy.address):
                await proxy.enable()
        await proxy.enable()
    finally:
        await server.adapter.delete_proxy("squatted")


async def test_reports_can_name_it(server: Server) -> None:
    """Provider, version and address stand in its text."""
    adapter = server.adapter

    assert adapter.provider == server.provider
    assert adapter.version
    for part in (adapter.provider, adapter.version, adapter.address):
        assert part in str(adapter)


async def test_http_proxies_are_not_obeyed(server: Server, monkeypatch: pytest.MonkeyPatch, echoing: Upstream) -> None:
    """HTTP_PROXY in the environment does not get between us and a server on this machine."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    await server.adapter.create_proxy("direct", upstream=echoing.address)
    await server.adapter.delete_proxy("direct")


async def test_a_cancelled_creation_leaves_no_proxy(server: Server, echoing: Upstream) -> None:
    """A caller that is cancelled while its proxy is being made leaves none behind."""
    creating = asyncio.ensure_future(server.adapter.create_proxy("unwanted", upstream=echoing.address))
    await asyncio.sleep(0)
    creating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creating

    assert not [name for name in await server.control.get("/proxies") if "unwanted" in name]
