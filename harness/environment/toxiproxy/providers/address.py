"""A running Toxiproxy, at an address that the user gives. Other people's proxies on it are not touched."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from harness.environment.host_port import address_problem
from harness.environment.toxiproxy.adapter import ToxiproxyAdapter
from harness.environment.toxiproxy.reach import reach_through
from harness.errors import UsageError
from harness.processes.guard import ProcessGuard

READY = timedelta(seconds=2)


@asynccontextmanager
async def toxiproxy_at(address: str, *, guard: ProcessGuard) -> AsyncIterator[ToxiproxyAdapter]:
    """Use a running Toxiproxy.

    Args:
        address: HOST:PORT of its control API.
        guard: Deletes the run's proxies there if this process dies.

    Raises:
        UsageError: The address is not HOST:PORT.
        EnvironmentUnavailable: It does not answer, or its proxies cannot be reached from here.
    """
    problems = [*address_problem("Toxiproxy", address, example="127.0.0.1:8474")]
    if problems:
        raise UsageError(*problems)
    # A random mark, so that several runners can share one server.
    namespace = f"harness-{secrets.token_hex(4)}-"
    adapter = ToxiproxyAdapter(address, provider="address", namespace=namespace, guard=guard)
    try:
        await adapter.wait_until_ready(within=READY)
        await reach_through(adapter)
        yield adapter
    finally:
        await adapter.close(delete=True)
