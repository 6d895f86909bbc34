"""Ordinary clients of Toxiproxy, used as their documentation shows, work with the embedded server."""

from __future__ import annotations

import asyncio
import shutil
import time

import pytest
from toxiproxy import Toxiproxy  # type: ignore[import-untyped]  # it has no types
from toxiproxy.exceptions import NotFound, ProxyExists  # type: ignore[import-untyped]  # as above

from tests.conformance.toxiproxy.servers import Server, unavailable
from tests.conformance.toxiproxy.test_links import round_trip
from tests.conformance.toxiproxy.wire import Upstream, connect


async def test_toxiproxy_python(embedded: Server, echoing: Upstream) -> None:
    """The Python package creates, lists, poisons, disables and destroys."""
    host, _, port = embedded.control.address.rpartition(":")

    def use() -> str:
        client = Toxiproxy()
        client.update_api_consumer(host, int(port))
        assert client.running()
        assert b"2.12.0" in client.version()
        proxy = client.create(name="py", upstream=echoing.address)
        with pytest.raises(ProxyExists):
            client.create(name="py", upstream=echoing.address)
        proxy.add_toxic(type="latency", attributes={"latency": 5})
        assert proxy.get_toxic("latency_downstream").attributes == {"latency": 5, "jitter": 0}
        with proxy.down():
            assert client.get_proxy("py").enabled is False
        assert client.get_proxy("py").enabled is True
        proxy.destroy_toxic("latency_downstream")
        assert client.populate([{"name": "py2", "upstream": echoing.address, "listen": "127.0.0.1:0"}])
        assert client.reset()
        listen: str = proxy.listen
        for made in client.proxies().values():
            assert made.destroy()
        with pytest.raises(NotFound):
            proxy.destroy()
        return listen

    listen = await asyncio.to_thread(use)
    with pytest.raises(ConnectionRefusedError):
        await connect(listen)


async def test_toxiproxy_cli(embedded: Server, echoing: Upstream) -> None:
    """The Go client, by way of its command line, does all it can."""
    if shutil.which("toxiproxy-cli") is None:
        unavailable("there is no toxiproxy-cli on PATH")

    async def cli(*arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            "toxiproxy-cli",
            "--host",
            f"http://{embedded.control.address}",
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output
        return output.decode()

    await cli("create", "--listen", "127.0.0.1:0", "--upstream", echoing.address, "go")
    listen = (await embedded.control.get("/proxies/go"))["listen"]
    await cli("toxic", "add", "--type", "latency", "--toxicName", "late", "--attribute", "latency=60", "go")
    async with await connect(listen) as client:
        assert await round_trip(client) >= 0.06
        await cli("toxic", "update", "--toxicName", "late", "--attribute", "latency=120", "go")
        assert await round_trip(client) >= 0.12
        assert "late" in await cli("inspect", "go")
        await cli("toxic", "delete", "--toxicName", "late", "go")
        started = time.monotonic()
        await round_trip(client)
        assert time.monotonic() - started < 0.12
    await cli("toggle", "go")
    assert (await embedded.control.get("/proxies/go"))["enabled"] is False
    assert "go" in await cli("list")
    await cli("delete", "go")
