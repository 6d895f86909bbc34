"""Workers of a user's own that do something else than work, and one that tells the harness of its points."""

from __future__ import annotations

import asyncio
import os
import signal

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig

from harness import WorkerPlugin
from tests.live.apps.reserve_worker import serve


async def sleeps(*, client: Client, task_queue: str, flights: str) -> None:
    """Never poll."""
    await asyncio.Event().wait()


async def elsewhere(*, client: Client, task_queue: str, flights: str) -> None:
    """Poll another task queue."""
    await serve(client=client, task_queue=f"not-{task_queue}", flights=flights)


async def of_its_own_client(*, client: Client, task_queue: str, flights: str) -> None:
    """Poll with another client than the one that was given."""
    other = await Client.connect(
        client.service_client.config.target_host, namespace=client.namespace, data_converter=client.data_converter
    )
    await serve(client=other, task_queue=task_queue, flights=flights)


async def returns(*, client: Client, task_queue: str, flights: str) -> None:
    """Do not run at all."""


async def raises(*, client: Client, task_queue: str, flights: str) -> None:
    """Break."""
    raise LookupError(flights)


async def deaf(*, client: Client, task_queue: str, flights: str) -> None:
    """Heed no cancellation."""
    working = asyncio.create_task(serve(client=client, task_queue=task_queue, flights=flights))
    while not working.done():
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            continue


async def wants_more(*, client: Client, task_queue: str, hotels: str) -> None:
    """Take a service that is not there, and not the one that is."""


def no_coroutine(*, client: Client, task_queue: str, flights: str) -> None:
    """Be no coroutine function."""


async def telling() -> None:
    """Work with the plugin until SIGTERM, as a program."""
    config = ClientConfig.load_client_connect_config()
    client = await Client.connect(**config, data_converter=pydantic_data_converter, plugins=[WorkerPlugin()])
    task_queue, flights = os.environ["TEMPORAL_TASK_QUEUE"], os.environ["FLIGHTS_URL"]
    working = asyncio.create_task(serve(client=client, task_queue=task_queue, flights=flights))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    await asyncio.wait([working])


if __name__ == "__main__":
    asyncio.run(telling())
    os._exit(0)
