"""The SDK's bridge to its core, replaced: `temporalio.bridge.worker.Worker`, and the service client below a client.

Read in `temporalio/bridge/worker.py`, `temporalio/service.py` and `temporalio/worker/_worker.py`. A worker polls and
answers through a bridge worker, which `Worker.create` makes for the client that the SDK's worker was given; a client
sends everything through `_rpc_call` of its service client. Both are below everything of the SDK that is written in
Python, so that its workers, clients, interceptors, converters and sandboxes are the real ones.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Any, Protocol

import temporalio.bridge.proto
import temporalio.bridge.worker
from google.protobuf.message import Message
from temporalio.bridge.worker import PollShutdownError  # type: ignore[attr-defined]  # as the SDK itself does
from temporalio.client import Client
from temporalio.runtime import Runtime
from temporalio.service import ConnectConfig, _BridgeServiceClient

INSTALLED = version("temporalio")

NEEDED = (1, 35)
"""The first version of temporalio whose core was compared with what is in its place. Others ask for other things, in
other messages."""

AVAILABLE = tuple(map(int, re.findall(r"\d+", INSTALLED)[:2])) >= NEEDED
"""Whether the installed SDK is new enough."""


@dataclass(frozen=True, kw_only=True)
class WorkerSettings:
    """What a worker is made with, as far as a core has to know it.

    Attributes:
        task_queue: What it polls.
        identity: What it calls itself.
        build_id: The build of its code.
        sdk: The name and the version of the SDK.
        eager: Whether it takes activities along that its own workflow tasks schedule.
        longest_throttle: How many seconds may pass between two heartbeats.
        default_throttle: How many pass where an activity has no heartbeat timeout.
        attempts_at_once: How many activities it does at once; None if it decides by what its machine has left.
        local_at_once: How many local activities it does.
        cached: How many runs it keeps.
        others: Other settings, set here, that change what a core does; by their names in the SDK.
    """

    task_queue: str
    identity: str
    build_id: str
    sdk: tuple[str, str]
    eager: bool = True
    longest_throttle: float = 60.0
    default_throttle: float = 30.0
    attempts_at_once: int | None = None
    local_at_once: int | None = None
    cached: int = 1000
    others: tuple[str, ...] = ()


RATES = ("max_activities_per_second", "max_task_queue_activities_per_second")
"""Settings that delay activities."""


class Core(Protocol):
    """What is in the place of the core of one worker."""

    async def poll_workflow_activation(self) -> Any:
        """Return the next activation; None when the worker shuts down."""

    async def poll_activity_task(self) -> Any:
        """Return the next task of an activity; None when the worker shuts down."""

    def complete_workflow_activation(self, completion: Any) -> None:
        """Take what workflow code asks for after an activation."""

    def complete_activity_task(self, completion: Any) -> None:
        """Take what became of an attempt."""

    def record_activity_heartbeat(self, heartbeat: Any) -> None:
        """Take a heartbeat."""

    def forget(self, run_id: str) -> None:
        """Let go of a run."""

    def initiate_shutdown(self) -> None:
        """Have the polls end."""


Answer = Callable[[str, Message], Awaitable[Any]]
"""Answers a request, of which it gets the name and the message. It raises an `RPCError` to refuse it."""


class SimulatedService(_BridgeServiceClient):
    """A service client whose requests are answered in this process.

    Args:
        answer: Answers them.
        new_core: Makes the core of a worker with this client.
    """

    def __init__(self, answer: Answer, new_core: Callable[[WorkerSettings], Core]) -> None:
        super().__init__(ConnectConfig(target_host="simulated"))
        self.new_core = new_core
        self._answer = answer
        self._bridge_client: Any = self
        self._runtime = Runtime.default()

    def update_metadata(self, metadata: Mapping[str, str | bytes]) -> None:
        """Nobody reads it."""

    async def _rpc_call(
        self,
        rpc: str,
        req: Message,
        resp_type: type[Any],
        *,
        service: str,
        retry: bool,
        metadata: Mapping[str, str | bytes],
        timeout: timedelta | None,  # noqa: ASYNC109 - the SDK's
    ) -> Any:
        del resp_type, service, retry, metadata, timeout
        return await self._answer(rpc, req)


def simulated_client(answer: Answer, new_core: Callable[[WorkerSettings], Core], *, namespace: str) -> Client:
    """Return a client whose requests are answered in this process; arguments as of `SimulatedService`."""
    return Client(SimulatedService(answer, new_core), namespace=namespace)


@contextmanager
def simulated_workers() -> Iterator[None]:
    """Have workers with such a client made with the core that it says, inside the context."""
    bridge = temporalio.bridge.worker.Worker
    original = bridge.create

    def create(client: Any, config: Any) -> Any:
        return BridgeWorker(client, config) if isinstance(client, SimulatedService) else original(client, config)

    bridge.create = staticmethod(create)  # type: ignore[method-assign]  # see the module
    try:
        yield
    finally:
        bridge.create = staticmethod(original)  # type: ignore[method-assign]


class BridgeWorker:
    """What the SDK's worker polls and answers through.

    Args:
        client: The worker's.
        config: What the SDK's worker was made with.
    """

    def __init__(self, client: SimulatedService, config: Any) -> None:
        self._core = client.new_core(
            WorkerSettings(
                task_queue=config.task_queue,
                identity=config.identity_override or client.config.identity,
                build_id=getattr(config.versioning_strategy, "build_id_no_versioning", ""),
                sdk=("temporal-python", INSTALLED),
                eager=getattr(config, "max_eager_activity_reservations_per_workflow_task", 1) > 0,
                longest_throttle=config.max_heartbeat_throttle_interval_millis / 1000,
                default_throttle=config.default_heartbeat_throttle_interval_millis / 1000,
                attempts_at_once=getattr(config.tuner.activity_slot_supplier, "num_slots", None),
                local_at_once=getattr(config.tuner.local_activity_slot_supplier, "num_slots", None),
                cached=config.max_cached_workflows,
                others=tuple(_others(config)),
            )
        )

    async def validate(self) -> Any:
        """Return what is known of the namespace."""
        return temporalio.bridge.proto.NamespaceInfo()

    async def poll_workflow_activation(self) -> Any:
        """Return the next activation."""
        return _unless_shut_down(await self._core.poll_workflow_activation())

    async def poll_activity_task(self) -> Any:
        """Return the next task of an activity."""
        return _unless_shut_down(await self._core.poll_activity_task())

    async def poll_nexus_task(self) -> Any:
        """Return no task: there is no Nexus here."""
        raise PollShutdownError

    async def complete_workflow_activation(self, comp: Any) -> None:
        """Take what workflow code asks for."""
        self._core.complete_workflow_activation(comp)

    async def complete_activity_task(self, comp: Any) -> None:
        """Take what became of an attempt."""
        self._core.complete_activity_task(comp)

    async def complete_nexus_task(self, comp: Any) -> None:
        """There is no Nexus here."""

    def record_activity_heartbeat(self, comp: Any) -> None:
        """Take a heartbeat."""
        self._core.record_activity_heartbeat(comp)

    def request_workflow_eviction(self, run_id: str) -> None:
        """Let go of a run."""
        self._core.forget(run_id)

    def replace_client(self, client: Any) -> None:
        """There is one client only."""

    def initiate_shutdown(self) -> None:
        """Poll no more."""
        self._core.initiate_shutdown()

    async def finalize_shutdown(self) -> None:
        """There is nothing more to end."""


def _others(config: Any) -> Iterator[str]:
    yield from (name for name in RATES if getattr(config, name))
    if not hasattr(config.versioning_strategy, "build_id_no_versioning"):
        yield "versioning"


def _unless_shut_down(task: Any) -> Any:
    if task is None:
        raise PollShutdownError
    return task
