"""The testbed: the running parts of one scenario run that a fault may touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar

from harness.errors import UsageError
from harness.evidence.event_stream import Stream
from harness.services.operation import Operation
from harness.services.service import FakeService, Service
from harness.temporal.history_feed import HistoryFeed
from harness.testbed.ports import BreakableServer, Part, Proxy
from harness.workers.failpoints import Failpoints
from harness.workers.pool import Workers

Target = Operation | type[Service] | Part
"""What a fault is aimed at: one operation of a fake, a service with the wire to it, or another part of the testbed."""


@dataclass(kw_only=True)
class Testbed:
    """The running parts of one scenario run.

    Attributes:
        stream: The run's events.
        services: Each service by its class.
        proxies: The proxy in front of each.
        history: The history of the scenario's workflow, as it grows.
        failpoints: The named points that workers reach.
        server: The Temporal server, if it is this run's own to break.
        workers: The worker processes; None when the worker lives in this process, or before they are up.
        random: Where every choice of chance is drawn from.
        environment_of_workers: The variables by which their processes reach fakes that stand in for hosts.
    """

    __test__: ClassVar[bool] = False  # its name would have pytest collect it

    stream: Stream
    services: Mapping[type[Service], Service]
    proxies: Mapping[type[Service] | Part, Proxy]
    history: HistoryFeed
    random: Random
    failpoints: Failpoints = field(default_factory=Failpoints)
    server: BreakableServer | None = None
    workers: Workers | None = None
    environment_of_workers: Mapping[str, str] = field(default_factory=dict)

    def service(self, on: Target) -> Service:
        """Return the running service of an operation or of a service's class."""
        return self.services[service_of(on)]

    def fake(self, on: Target) -> FakeService:
        """Return the running fake of an operation or of a fake's class.

        Raises:
            UsageError: It is a real server, whose calls the harness does not see.
        """
        service = self.service(on)
        if not isinstance(service, FakeService):
            raise UsageError(
                f"{service.name()} is a real server, not a fake: its calls cannot be counted, held or changed."
            )
        return service

    def proxy(self, on: Target) -> Proxy:
        """Return the proxy in front of a service, or on the link."""
        return self.proxies[on if isinstance(on, Part) else service_of(on)]

    def worker_pool(self) -> Workers:
        """Return the worker processes.

        Raises:
            UsageError: The worker lives in this process.
        """
        if self.workers is None:
            raise UsageError("the worker lives in this process; declare `workers=WorkerProcesses()` to break it.")
        return self.workers

    def breakable(self) -> BreakableServer:
        """Return the Temporal server.

        Raises:
            UsageError: It is not this run's own.
        """
        if self.server is None:
            raise UsageError("the Temporal server is shared; declare `server=Server(breakable=True)` to break it.")
        return self.server


def service_of(on: Target) -> type[Service]:
    """Return the service that a target belongs to.

    Raises:
        UsageError: It is no service.
    """
    if isinstance(on, Part):
        raise UsageError(f"{on} is no service.")
    if not isinstance(on, Operation):
        return on
    assert on.owner is not None, f"{on!r} was taken from an instance, not from its class"  # noqa: S101 - cannot be
    return on.owner
