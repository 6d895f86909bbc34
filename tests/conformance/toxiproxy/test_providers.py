"""One adapter means the same on every provider, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import textwrap
import time
from pathlib import Path

import pytest

from harness.environment.toxiproxy.choice import open_toxiproxy
from harness.environment.toxiproxy.consumer import Missing, Taken
from harness.environment.toxiproxy.providers.binary import PROGRAM
from harness.errors import EnvironmentUnavailable, UsageError
from harness.leash import Leash
from harness.stage import Direction
from tests.conformance.toxiproxy.servers import PROVIDERS, Server, program
from tests.conformance.toxiproxy.servers import server as running_server
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


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_nothing_remains(provider: str, echoing: Upstream) -> None:
    """Leaving a provider leaves no process, no port and no proxy of ours, also when proxies were not deleted."""
    async with running_server(provider) as server:
        left = await server.adapter.create_proxy("left", upstream=echoing.address)
        async with await connect(left.address) as client:
            await round_trip(client)
    for address in (left.address, server.control.address):
        with pytest.raises(ConnectionRefusedError):
            await connect(address)


async def test_two_servers_at_once(echoing: Upstream) -> None:
    """Two servers do not get in each other's way."""
    async with running_server("embedded") as one, running_server("embedded") as two:
        await asyncio.gather(
            *(
                server.adapter.create_proxy(f"{number}", upstream=echoing.address)
                for server in (one, two)
                for number in range(20)
            )
        )
        assert one.adapter.address != two.adapter.address
        for server in (one, two):
            assert len(await server.control.get("/proxies")) == 20


# -- somebody else's server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a place for logs."""
    return tmp_path


async def test_other_peoples_proxies_are_left_alone(folder: Path, echoing: Upstream) -> None:
    """On a server at an address our proxies have names of their own, and leaving deletes ours only."""
    async with program("embedded") as other, Leash() as leash:
        theirs = await other.control.proxy(echoing.address, name="flights")
        async with open_toxiproxy(leash=leash, log=folder / "log", address=other.address) as adapter:
            ours = await adapter.create_proxy("flights", upstream=echoing.address)
            assert ours.name != "flights"
            assert set(await other.control.get("/proxies")) == {"flights", ours.name}
        assert await other.control.get("/proxies") == {"flights": theirs.made}


async def test_a_killed_runner_leaves_no_proxy(echoing: Upstream) -> None:
    """A runner that dies by kill -9 leaves no proxy of its own on somebody else's server."""
    async with program("embedded") as other:
        code = textwrap.dedent(f"""
            import asyncio, pathlib
            from harness.environment.toxiproxy.choice import open_toxiproxy
            from harness.leash import Leash
            log = pathlib.Path("/dev/null")
            async def main():
                async with Leash() as leash:
                    async with open_toxiproxy(leash=leash, log=log, address="{other.address}") as a:
                        kept = await a.create_proxy("kept", upstream="{echoing.address}")
                        gone = await a.create_proxy("gone", upstream="{echoing.address}")
                        await a.delete_proxy("gone")
                        print("made", flush=True)
                        await asyncio.sleep(60)
            asyncio.run(main())
        """)
        runner = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
        assert runner.stdout is not None
        assert await runner.stdout.readline() == b"made\n"
        assert len(await other.control.get("/proxies")) == 1
        os.kill(runner.pid, signal.SIGKILL)
        await runner.wait()
        async with asyncio.timeout(5):
            while await other.control.get("/proxies"):  # noqa: ASYNC110 - the other process tells nobody
                await asyncio.sleep(0.02)


@pytest.mark.parametrize("provider", ["embedded", "binary"])
async def test_a_killed_runner_leaves_no_server(provider: str, folder: Path) -> None:
    """A runner that dies by kill -9 takes its own server with it."""
    if provider == "binary":
        async with program("binary"):
            pass  # skips, or fails in CI, where there is none
    code = textwrap.dedent(f"""
        import asyncio, pathlib
        from harness.environment.toxiproxy.choice import open_toxiproxy
        from harness.leash import Leash
        async def main():
            async with Leash() as leash:
                async with open_toxiproxy(leash=leash, log=pathlib.Path("/dev/null"), provider="{provider}") as adapter:
                    print(adapter.address, flush=True)
                    await asyncio.sleep(60)
        asyncio.run(main())
    """)
    runner = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert runner.stdout is not None
    address = (await runner.stdout.readline()).decode().strip()
    (await connect(address)).close()
    os.kill(runner.pid, signal.SIGKILL)
    await runner.wait()
    async with asyncio.timeout(5):
        while True:
            try:
                (await connect(address)).close()
            except ConnectionRefusedError:
                break
            await asyncio.sleep(0.02)


async def test_the_container_of_a_killed_runner(folder: Path) -> None:
    """A container whose runner died by kill -9 is removed by the next runner that uses one."""
    async with running_server("container") as server:
        image = server.image
    code = textwrap.dedent(f"""
        import asyncio, pathlib
        from harness.environment.toxiproxy.choice import open_toxiproxy
        from harness.leash import Leash
        log, chosen = pathlib.Path("/dev/null"), dict(provider="container", image="{image}")
        async def main():
            async with Leash() as leash, open_toxiproxy(leash=leash, log=log, **chosen) as adapter:
                print(adapter.address, flush=True)
                await asyncio.sleep(60)
        asyncio.run(main())
    """)
    runner = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert runner.stdout is not None
    address = (await runner.stdout.readline()).decode().strip()
    os.kill(runner.pid, signal.SIGKILL)
    await runner.wait()
    async with running_server("container"):
        with pytest.raises(ConnectionRefusedError):
            await connect(address)


async def test_a_cancelled_creation_leaves_no_proxy(server: Server, echoing: Upstream) -> None:
    """A caller that is cancelled while its proxy is being made leaves none behind."""
    creating = asyncio.ensure_future(server.adapter.create_proxy("unwanted", upstream=echoing.address))
    await asyncio.sleep(0)
    creating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creating

    assert not [name for name in await server.control.get("/proxies") if "unwanted" in name]


# -- what cannot be had


async def test_nobody_at_the_address(folder: Path) -> None:
    """An address at which nobody answers is an error, not a reason to take another provider."""
    async with Leash() as leash:
        with pytest.raises(EnvironmentUnavailable, match=r"127\.0\.0\.1:9.*nobody answers"):
            async with open_toxiproxy(leash=leash, log=folder / "log", address="127.0.0.1:9"):
                pass


async def test_something_else_at_the_address(folder: Path) -> None:
    """What answers but is no Toxiproxy is told from one."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        writer.close()

    async with Leash() as leash, await asyncio.start_server(answer, "127.0.0.1", 0) as other:
        address = f"127.0.0.1:{other.sockets[0].getsockname()[1]}"
        with pytest.raises(EnvironmentUnavailable, match="is no Toxiproxy"):
            async with open_toxiproxy(leash=leash, log=folder / "log", address=address):
                pass


async def test_a_server_that_hangs(folder: Path) -> None:
    """A server that accepts and never answers is given up after a timeout."""

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    from datetime import timedelta  # noqa: PLC0415 - this test alone needs it

    from harness.environment.toxiproxy.adapter import ToxiproxyAdapter  # noqa: PLC0415 - the same

    async with await asyncio.start_server(silence, "127.0.0.1", 0) as other:
        address = f"127.0.0.1:{other.sockets[0].getsockname()[1]}"
        adapter = ToxiproxyAdapter(address, provider="address", timeout=timedelta(milliseconds=100))
        with pytest.raises(EnvironmentUnavailable, match="no answer within"):
            await adapter.wait_until_ready(within=timedelta(milliseconds=50))
        await adapter.close(delete=False)


async def test_no_binary(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A binary that was asked for and is not on PATH is an error; unasked for, the embedded server takes its place."""
    monkeypatch.setenv("PATH", str(folder))
    async with Leash() as leash:
        with pytest.raises(EnvironmentUnavailable, match=f"no {PROGRAM} on PATH"):
            async with open_toxiproxy(leash=leash, log=folder / "log", provider="binary"):
                pass
        async with open_toxiproxy(leash=leash, log=folder / "log") as adapter:
            assert adapter.provider == "embedded"


async def test_a_binary_that_does_not_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A binary on PATH that ends at once is an error that names its log, not a reason to take the embedded server."""
    broken = folder / PROGRAM
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    async with Leash() as leash:
        with pytest.raises(EnvironmentUnavailable, match="exit code 3"):
            async with open_toxiproxy(leash=leash, log=folder / "log"):
                pass


async def test_no_image(folder: Path) -> None:
    """A container needs an image, and one that can be had."""
    async with Leash() as leash:
        with pytest.raises(EnvironmentUnavailable, match="which image"):
            async with open_toxiproxy(leash=leash, log=folder / "log", provider="container"):
                pass
        with pytest.raises(EnvironmentUnavailable, match="no-such-image"):
            async with open_toxiproxy(leash=leash, log=folder / "log", provider="container", image="no-such-image:1"):
                pass
