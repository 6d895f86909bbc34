"""A Temporal dev server in a container: the same server with the same settings, from an image of the user's choice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.environment.containers import container_ended, end_container, start_container
from harness.environment.temporal.dev_server import come_up, dressed, keep_unready, start_dev
from harness.environment.temporal.server import TemporalServer
from harness.errors import EnvironmentUnavailable
from harness.processes.guard import free_port
from harness.temporal.requirements import SHARED, Server

DATABASE = "temporal.db"
"""Where a server that is to be broken keeps its data: in the container, in the image's own working directory."""

LOOK_AGAIN = 0.2
"""How often, in seconds, Docker is asked whether the container has ended: it does not notify."""


class ServerContainer:
    """A container that can be killed, paused and started again, with its data if it keeps any.

    Args:
        container: The running container.
        image: What it is made of.
        address: HOST:PORT of the server in it.
    """

    def __init__(self, container: Any, *, image: str, address: str) -> None:
        self._container = container
        self._image = image
        self._address = address

    async def answering(self) -> TemporalServer:
        """Wait until the server answers.

        Raises:
            EnvironmentUnavailable: It ends instead, or does not answer; the message quotes its log.
        """
        server = await come_up(self._ended(), address=self._address, provider="container")
        if server is None:
            raise EnvironmentUnavailable(await asyncio.to_thread(container_ended, self._container, self._image) or "")
        return server

    async def kill(self) -> None:
        """Kill it with SIGKILL, and wait until it is gone."""
        await asyncio.to_thread(self._kill)

    async def restart(self, *, unready_for: timedelta = timedelta(0)) -> None:
        """Start it again on the same port, and wait until it answers.

        Args:
            unready_for: How long it listens without answering, once it listens.

        Raises:
            EnvironmentUnavailable: It does not come up.
        """
        await asyncio.to_thread(self._container.get_wrapped_container().start)
        if unready_for:
            port = int(self._address.rpartition(":")[2])
            await keep_unready(self, self._ended(), port=port, within=unready_for)
        await self.answering()

    def pause(self) -> None:
        """Suspend it, as Docker does."""
        self._container.get_wrapped_container().pause()

    def resume(self) -> None:
        """Let it go on."""
        wrapped = self._container.get_wrapped_container()
        wrapped.reload()
        if wrapped.status == "paused":
            wrapped.unpause()

    def _kill(self) -> None:
        wrapped = self._container.get_wrapped_container()
        wrapped.kill()
        wrapped.wait()

    async def _ended(self) -> None:
        while await asyncio.to_thread(container_ended, self._container, self._image) is None:  # noqa: ASYNC110 - see there
            await asyncio.sleep(LOOK_AGAIN)


@asynccontextmanager
async def server_container(
    *, image: str | None, log: Path, wanted: Server = SHARED, keeps_data: bool = False
) -> AsyncIterator[TemporalServer]:
    """Run a container of an image whose entry point is the `temporal` command; its `process` can be broken.

    It shares this machine's network, so that workers and proxies reach it as they do any other.

    Args:
        image: Its name, with a registry if it is not to come from the default one.
        log: Receives the container's log when it ends.
        wanted: How its time passes, and its dynamic configuration.
        keeps_data: Whether it keeps its data when it is killed.

    Raises:
        EnvironmentUnavailable: No image was named, no Docker engine answers, or the container does not start.
    """
    if image is None:
        raise EnvironmentUnavailable(
            "the Temporal container needs --temporal-image: an image whose entry point is the `temporal` command, for "
            "example temporalio/temporal with the tag of your choice."
        )
    port = free_port()
    arguments = start_dev(port=port, wanted=wanted, database=DATABASE if keeps_data else None)
    container = await asyncio.to_thread(start_container, image, arguments, what="Temporal")
    try:
        process = ServerContainer(container, image=image, address=f"127.0.0.1:{port}")
        yield dressed(await process.answering(), wanted=wanted, process=process)
    finally:
        await asyncio.to_thread(end_container, container, log)
