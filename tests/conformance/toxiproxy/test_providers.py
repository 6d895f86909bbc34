"""One adapter means the same on every provider, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import textwrap
from pathlib import Path

import pytest

from harness.environment.toxiproxy.choice import open_toxiproxy
from harness.environment.toxiproxy.providers.binary import PROGRAM
from harness.errors import EnvironmentUnavailable
from harness.processes.guard import ProcessGuard
from tests.conformance.toxiproxy.servers import PROVIDERS, program
from tests.conformance.toxiproxy.servers import server as running_server
from tests.conformance.toxiproxy.test_links import round_trip
from tests.conformance.toxiproxy.wire import Upstream, connect


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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a place for logs."""
    return tmp_path


async def test_other_peoples_proxies_are_left_alone(folder: Path, echoing: Upstream) -> None:
    """On a server at an address our proxies have names of their own, and leaving deletes ours only."""
    async with program("embedded") as other, ProcessGuard() as guard:
        theirs = await other.control.proxy(echoing.address, name="flights")
        async with open_toxiproxy(guard=guard, log=folder / "log", address=other.address) as adapter:
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
            from harness.processes.guard import ProcessGuard
            log = pathlib.Path("/dev/null")
            async def main():
                async with ProcessGuard() as guard:
                    async with open_toxiproxy(guard=guard, log=log, address="{other.address}") as a:
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
        from harness.processes.guard import ProcessGuard
        async def main():
            async with ProcessGuard() as guard:
                async with open_toxiproxy(guard=guard, log=pathlib.Path("/dev/null"), provider="{provider}") as adapter:
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
            except ConnectionResetError:
                continue  # it died with us in its queue
            await asyncio.sleep(0.02)


async def test_the_container_of_a_killed_runner(folder: Path) -> None:
    """A container whose runner died by kill -9 is removed by the next runner that uses one."""
    async with running_server("container") as server:
        image = server.image
    code = textwrap.dedent(f"""
        import asyncio, pathlib
        from harness.environment.toxiproxy.choice import open_toxiproxy
        from harness.processes.guard import ProcessGuard
        log, chosen = pathlib.Path("/dev/null"), dict(provider="container", image="{image}")
        async def main():
            async with ProcessGuard() as guard, open_toxiproxy(guard=guard, log=log, **chosen) as adapter:
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


async def test_nobody_at_the_address(folder: Path) -> None:
    """An address at which nothing listens is an error, not a reason to take another provider."""
    async with ProcessGuard() as guard:
        with pytest.raises(EnvironmentUnavailable, match=r"127\.0\.0\.1:9.*nothing listens"):
            async with open_toxiproxy(guard=guard, log=folder / "log", address="127.0.0.1:9"):
                pass


async def test_something_else_at_the_address(folder: Path) -> None:
    """What answers but is no Toxiproxy is told from one."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        writer.close()

    async with ProcessGuard() as guard, await asyncio.start_server(answer, "127.0.0.1", 0) as other:
        address = f"127.0.0.1:{other.sockets[0].getsockname()[1]}"
        with pytest.raises(EnvironmentUnavailable, match="is not a Toxiproxy"):
            async with open_toxiproxy(guard=guard, log=folder / "log", address=address):
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
    async with ProcessGuard() as guard:
        with pytest.raises(EnvironmentUnavailable, match=f"{PROGRAM} is not on PATH"):
            async with open_toxiproxy(guard=guard, log=folder / "log", provider="binary"):
                pass
        async with open_toxiproxy(guard=guard, log=folder / "log") as adapter:
            assert adapter.provider == "embedded"


async def test_a_binary_that_does_not_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A binary on PATH that ends at once is an error that names its log, not a reason to take the embedded server."""
    broken = folder / PROGRAM
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    async with ProcessGuard() as guard:
        with pytest.raises(EnvironmentUnavailable, match="exit code 3"):
            async with open_toxiproxy(guard=guard, log=folder / "log"):
                pass


async def test_no_image(folder: Path) -> None:
    """A container needs an image, and one that can be had."""
    async with ProcessGuard() as guard:
        with pytest.raises(EnvironmentUnavailable, match="needs --toxiproxy-image"):
            async with open_toxiproxy(guard=guard, log=folder / "log", provider="container"):
                pass
        with pytest.raises(EnvironmentUnavailable, match="no-such-image"):
            async with open_toxiproxy(guard=guard, log=folder / "log", provider="container", image="no-such-image:1"):
                pass
