"""A Toxiproxy in a container, through testcontainers, on this machine's own network."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.environment.toxiproxy.adapter import ToxiproxyAdapter
from harness.environment.toxiproxy.providers.binary import free_port
from harness.environment.toxiproxy.reach import reach_through
from harness.errors import EnvironmentUnavailable

READY = timedelta(seconds=20)
# Marks our containers with the process that runs them. One whose process is gone is removed by the next runner.
LABEL = "temporal-resilience-harness.runner"


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
            "which image is the Toxiproxy container to be of? Name one whose entry point is the server, for example "
            "shopify/toxiproxy with the tag of your choice."
        )
    port = free_port()
    container = await asyncio.to_thread(_start, image, port)
    try:
        adapter = ToxiproxyAdapter(f"127.0.0.1:{port}", provider="container")
        try:
            await adapter.wait_until_ready(within=READY, alive=lambda: _ended(container, image))
            await reach_through(adapter)
            yield adapter
        finally:
            await adapter.close(delete=False)
    finally:
        await asyncio.to_thread(_end, container, log)


def _start(image: str, port: int) -> Any:
    try:
        # Here and not at the top: it takes a third of a second, and the other providers do without.
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

        container = DockerContainer(
            image,
            command=f"-host 127.0.0.1 -port {port}",
            network_mode="host",
            labels={LABEL: f"{socket.gethostname()}/{os.getpid()}"},
        )
        _remove_forgotten(container.get_docker_client().client)
        container.start()
    except Exception as error:  # docker and testcontainers raise many unrelated types
        raise EnvironmentUnavailable(
            f"no Toxiproxy container of {image} can be started: {_first_line(error)}. Is a Docker engine running, and "
            "is the image there or to be had?"
        ) from error
    return container


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _remove_forgotten(docker: Any) -> None:
    """Remove containers whose runner on this machine was killed before it could do so itself."""
    for container in docker.containers.list(all=True, filters={"label": LABEL}):
        host, _, pid = container.labels.get(LABEL, "").rpartition("/")
        if host == socket.gethostname() and pid.isdigit() and not _runs(int(pid)):
            with suppress(Exception):  # another runner may be removing it
                container.remove(force=True)


def _ended(container: Any, image: str) -> str | None:
    wrapped = container.get_wrapped_container()
    wrapped.reload()
    if wrapped.status in {"created", "running"}:
        return None
    return f"the container of {image} ended: {wrapped.logs().decode('utf-8', 'replace').strip()[-500:]}"


def _end(container: Any, log: Path) -> None:
    with suppress(Exception), log.open("ab") as output:  # the log is a courtesy
        output.write(container.get_wrapped_container().logs())
    container.stop()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
