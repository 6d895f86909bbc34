"""The tiny application's own worker, as a function to be called and as a program; it knows nothing of the harness."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.worker import Worker

from tests.live.apps.reserve import Reserve
from tests.live.apps.reserve_activities import seat_activities


async def serve(*, client: Client, task_queue: str, flights: str) -> None:
    """Work until cancelled."""
    async with seat_activities(flights=flights) as activities:
        await Worker(
            client,
            task_queue=task_queue,
            workflows=[Reserve],
            activities=activities,
            graceful_shutdown_timeout=timedelta(seconds=3),
        ).run()


async def main() -> None:
    """Work until SIGTERM."""
    config = ClientConfig.load_client_connect_config()
    client = await Client.connect(**config, data_converter=pydantic_data_converter)
    task_queue, flights = os.environ["TEMPORAL_TASK_QUEUE"], os.environ["FLIGHTS_URL"]
    if "--on-its-own-queue" in sys.argv:
        task_queue = "seats-of-its-own"
    working = asyncio.create_task(serve(client=client, task_queue=task_queue, flights=flights))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    await asyncio.wait([working])


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)
