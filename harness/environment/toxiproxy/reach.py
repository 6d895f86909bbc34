"""Checks that a Toxiproxy's proxies can be reached from here and can reach what listens here."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from harness.errors import EnvironmentUnavailable

if TYPE_CHECKING:
    from harness.environment.toxiproxy.adapter import ToxiproxyAdapter

PATIENCE = 5.0
_WORD = b"through"


async def reach_through(adapter: ToxiproxyAdapter) -> None:
    """Send one word through a temporary proxy.

    Raises:
        EnvironmentUnavailable: It does not arrive: the server runs on another machine, or in a container with a network
            of its own.
    """

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_WORD)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as service:
        host, port = service.sockets[0].getsockname()
        proxy = await adapter.create_proxy("reach", upstream=f"{host}:{port}")
        try:
            received = await _read(proxy.address)
        finally:
            await adapter.delete_proxy("reach")
    if received != _WORD:
        raise EnvironmentUnavailable(
            f"the Toxiproxy at {adapter.address} answers, but nothing passes through its proxies: they listen on its "
            "127.0.0.1 and connect to its 127.0.0.1. Run it on this machine; in a container, on this machine's "
            "network (docker run --network host)."
        )


async def _read(address: str) -> bytes:
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(host, int(port))
            try:
                return await reader.read()
            finally:
                writer.close()
                await writer.wait_closed()
    except OSError:
        return b""
