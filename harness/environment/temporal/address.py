"""The user's own Temporal server: the harness touches nothing on it but its own workflows."""

from __future__ import annotations

import asyncio

from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from harness.environment.temporal.server import ANSWER_WITHIN, TemporalServer, greet
from harness.errors import EnvironmentUnavailable


async def server_at(address: str, *, namespace: str | None = None) -> TemporalServer:
    """Connect to HOST:PORT.

    TLS, API key and everything else come from Temporal's own environment configuration: its TEMPORAL_* variables
    and its configuration file, the profile in TEMPORAL_PROFILE.

    Args:
        address: The frontend.
        namespace: Which namespace, or None for the configuration's own.

    Raises:
        EnvironmentUnavailable: It does not answer, refuses the connection, is too old, or lacks the namespace.
    """
    try:
        config = ClientConfig.load_client_connect_config()
    except (RuntimeError, ValueError) as error:
        raise EnvironmentUnavailable(f"Temporal's environment configuration cannot be used: {error}.") from error
    config["target_host"] = address
    if namespace is not None:
        config["namespace"] = namespace
    try:
        async with asyncio.timeout(ANSWER_WITHIN.total_seconds()):
            client = await Client.connect(**config)
    except (RuntimeError, ValueError, TimeoutError) as error:
        raise EnvironmentUnavailable(
            f"no Temporal server answers at {address}: {str(error) or 'no answer'}. "
            "Leave --temporal out to start a dev server."
        ) from error
    return await greet(client, provider="address", address=address)
