"""The worker program of the application with hosts in its code. It knows nothing of the harness."""

from __future__ import annotations

import asyncio

from temporalio.client import Client
from temporalio.worker import Worker

from tests.live.apps.fixed_hosts import ChargeCard
from tests.live.apps.fixed_hosts_activities import charge


async def main() -> None:
    """Run the worker."""
    client = await Client.connect("localhost:7233")
    await Worker(client, task_queue="charges", workflows=[ChargeCard], activities=[charge]).run()


if __name__ == "__main__":
    asyncio.run(main())
