"""Brings up the real parts that scenarios share: one Temporal server, one Toxiproxy, started once and reused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.environment.temporal.address import server_at
from harness.environment.temporal.dev_server import dev_server
from harness.environment.temporal.server import TemporalServer
from harness.environment.toxiproxy.adapter import ToxiproxyAdapter
from harness.environment.toxiproxy.choice import open_toxiproxy
from harness.errors import EnvironmentUnavailable, ungrouped
from harness.leash import Leash
from harness.nursery import Nursery, open_nursery


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """Which real parts the user wants; what is left out comes embedded.

    Attributes:
        temporal: HOST:PORT of a Temporal server, or None for the dev server.
        namespace: Its namespace, or None for what Temporal's environment configuration says.
        toxiproxy: HOST:PORT of a Toxiproxy, or None.
        toxiproxy_provider: "embedded", "binary", "container" or "address", or None for the first that is there.
        toxiproxy_image: The image of a Toxiproxy container, or None for the default.
    """

    temporal: str | None = None
    namespace: str | None = None
    toxiproxy: str | None = None
    toxiproxy_provider: str | None = None
    toxiproxy_image: str | None = None


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The shared real parts, up and answering.

    Attributes:
        temporal: The Temporal server.
        toxiproxy: The Toxiproxy.
        leash: Ends child processes should this process die.
        nursery: Forks worker processes, for the scenarios that want them.
        folder: Where the logs of servers go.
    """

    temporal: TemporalServer
    toxiproxy: ToxiproxyAdapter
    leash: Leash
    nursery: Nursery
    folder: Path


@asynccontextmanager
async def open_environment(wishes: Wishes, *, folder: Path, seed: int = 0) -> AsyncIterator[Environment]:
    """Bring up what is wished for, both parts at once, and end it when the context is left.

    Args:
        wishes: Which providers.
        folder: Where the servers' own logs go.
        seed: What the embedded Toxiproxy draws chance from.

    Raises:
        EnvironmentUnavailable: A part cannot be had. There is no falling back to another provider.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentUnavailable(
            f"the folder {folder} cannot be written: {error.strerror}. Choose another with --runs."
        ) from error
    async with AsyncExitStack() as stack:
        leash = await stack.enter_async_context(Leash())
        temporal_stack = await stack.enter_async_context(AsyncExitStack())
        toxiproxy_stack = await stack.enter_async_context(AsyncExitStack())
        toxiproxy = open_toxiproxy(
            leash=leash,
            log=folder / "toxiproxy.log",
            address=wishes.toxiproxy,
            provider=wishes.toxiproxy_provider,
            image=wishes.toxiproxy_image,
            seed=seed,
        )
        with ungrouped():
            async with asyncio.TaskGroup() as group:
                first = group.create_task(_temporal(wishes, stack=temporal_stack, leash=leash, folder=folder))
                second = group.create_task(toxiproxy_stack.enter_async_context(toxiproxy))
        nursery = await stack.enter_async_context(open_nursery(leash, log=folder / "nursery.log"))
        yield Environment(
            temporal=first.result(), toxiproxy=second.result(), leash=leash, nursery=nursery, folder=folder
        )


async def _temporal(wishes: Wishes, *, stack: AsyncExitStack, leash: Leash, folder: Path) -> TemporalServer:
    if wishes.temporal is not None:
        return await server_at(wishes.temporal, namespace=wishes.namespace)
    return await stack.enter_async_context(dev_server(leash=leash, log=folder / "temporal.log"))
