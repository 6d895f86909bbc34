"""A client of a simulated server: whatever is made with it, workers included, is simulated from there on down."""

from __future__ import annotations

from collections.abc import Callable

from temporalio.client import Client

from harness.library_internals.simulated_bridge import simulated_client
from harness.simulation.core.worker import CoreWorker
from harness.simulation.server.requests import ClientRequests
from harness.simulation.server.server import SimulatedServer
from harness.simulation.unmodelled import Unmodelled


def client_of(server: SimulatedServer, *, gave_up: Callable[[Unmodelled], None]) -> Client:
    """Return a client of a simulated server.

    Workers with it are made inside `harness.library_internals.simulated_bridge.simulated_workers`.

    Args:
        server: The server.
        gave_up: Receives what is not modelled, when that comes up.
    """
    requests = ClientRequests(server, gave_up=gave_up)
    return simulated_client(
        requests.answer,
        lambda settings: CoreWorker(server, settings, gave_up=gave_up),
        namespace=server.namespace,
    )
