"""A Toxiproxy in a container, through testcontainers, on this machine's own network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from harness.environment.containers import container_ended, end_container, start_container
from harness.environment.toxiproxy.adapter import ToxiproxyAdapter
from harness.environment.toxiproxy.reach import reach_through
from harness.errors import EnvironmentUnavailable
from harness.processes.guard import free_port

READY = timedelta(seconds=20)


@asynccontextmanager
async def container_toxiproxy(*, image: str | None, log: Path) -> AsyncIterator[ToxiproxyAdapter]:
    """Run a container of a Toxiproxy image whose entry point is the server.

    It shares this machine's network: proxies listen on 127.0.0.1 and reach services on 127.0.0.1, as they do with the
    other providers.

    Args:
        image: Its name, with a registry if it is not to come from the default one.
        log: Receives the container's log when it ends.

    Raises:
        EnvironmentUnavailable: No image was named, no Docker engine answers, or the container does not start.
    """
    if image is None:
        raise EnvironmentUnavailable(
            "the Toxiproxy container needs --toxiproxy-image: an image whose entry point is the server, for example "
            "shopify/toxiproxy with the tag of your choice."
        )
    port = free_port()
    container = await asyncio.to_thread(
        start_container, image, ["-host", "127.0.0.1", "-port", str(port)], what="Toxiproxy"
    )
    try:
        adapter = ToxiproxyAdapter(f"127.0.0.1:{port}", provider="container")
        try:
            await adapter.wait_until_ready(within=READY, alive=lambda: container_ended(container, image))
            await reach_through(adapter)
            yield adapter
        finally:
            await adapter.close(delete=False)
    finally:
        await asyncio.to_thread(end_container, container, log)
