"""A client of a simulated server: whatever is made with it, workers included, is simulated from there on down."""

from __future__ import annotations

from functools import partial

from temporalio.client import Client

from harness.library_internals.simulated_bridge import simulated_client
from harness.simulation.core.worker import CoreWorker
from harness.simulation.server.requests import ClientRequests
from harness.simulation.server.server import SimulatedServer


def client_of(server: SimulatedServer) -> Client:
    """Return a client of a simulated server.

    Workers with it are made inside `harness.library_internals.simulated_bridge.simulated_workers`.
    """
    requests = ClientRequests(server)
    return simulated_client(requests.answer, partial(CoreWorker, server), namespace=server.namespace)
