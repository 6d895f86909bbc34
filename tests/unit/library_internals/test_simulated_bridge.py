"""Everything that the SDK asks of its bridge to the core is answered by what is in its place."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import pytest
import temporalio.bridge.worker
from google.protobuf.message import Message
from temporalio import activity
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest, GetSystemInfoResponse
from temporalio.bridge.worker import PollShutdownError  # type: ignore[attr-defined]  # as the SDK itself does
from temporalio.service import ServiceClient
from temporalio.worker import Worker

from harness.library_internals.simulated_bridge import (
    AVAILABLE,
    BridgeWorker,
    Core,
    SimulatedService,
    WorkerSettings,
    simulated_client,
    simulated_workers,
)

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="the installed temporalio has another bridge")

NOT_ASKED = {"create", "for_replay"}
"""What makes a bridge worker, and is replaced itself or only used to replay."""


@activity.defn
async def idle() -> None:
    """Do nothing."""


class Idle:
    """A core that has nothing to do."""

    def __init__(self) -> None:
        self.shut_down = False

    async def poll_workflow_activation(self) -> Any:
        """There is none."""

    async def poll_activity_task(self) -> Any:
        """There is none."""

    def complete_workflow_activation(self, completion: Any) -> None:
        """None was given out."""

    def complete_activity_task(self, completion: Any) -> None:
        """None was given out."""

    def record_activity_heartbeat(self, heartbeat: Any) -> None:
        """None was given out."""

    def forget(self, run_id: str) -> None:
        """None is known."""

    def initiate_shutdown(self) -> None:
        """Take note."""
        self.shut_down = True


async def answer(rpc: str, request: Message) -> Any:
    """Answer as a server of which nothing is known."""
    assert rpc == "get_system_info"
    assert isinstance(request, GetSystemInfoRequest)
    return GetSystemInfoResponse(server_version="none")


def methods(kind: type) -> Mapping[str, Any]:
    """The public methods of a class, with their parameters."""
    found = inspect.getmembers(kind, inspect.isfunction)
    return {name: list(inspect.signature(one).parameters) for name, one in found if not name.startswith("_")}


def test_every_method_of_the_bridge_worker_is_there() -> None:
    """With the same parameters: one that the SDK adds would be missing when it is called."""
    bridge = {name: what for name, what in methods(temporalio.bridge.worker.Worker).items() if name not in NOT_ASKED}

    assert {name: methods(BridgeWorker).get(name) for name in bridge} == bridge


def test_every_abstract_method_of_a_service_client_is_there() -> None:
    """What a client sends goes through one of them."""
    assert not inspect.isabstract(SimulatedService)
    ours, theirs = (inspect.signature(one._rpc_call).parameters for one in (SimulatedService, ServiceClient))
    assert [*ours] == [*theirs]


async def test_a_client_s_requests_are_answered_here() -> None:
    """Under the names of the gRPC service."""
    client = simulated_client(answer, lambda _: Idle(), namespace="default")

    assert (await client.workflow_service.get_system_info(GetSystemInfoRequest())).server_version == "none"


async def test_a_worker_of_such_a_client_gets_the_core_that_it_says() -> None:
    """With the settings of the SDK's worker; outside the context, the SDK's own is made."""
    made: list[WorkerSettings] = []
    core = Idle()

    def new_core(settings: WorkerSettings) -> Core:
        made.append(settings)
        return core

    client = simulated_client(answer, new_core, namespace="default")
    original = temporalio.bridge.worker.Worker.create
    with simulated_workers():
        Worker(client, task_queue="here", identity="me", activities=[idle], max_concurrent_activities=3)

    assert temporalio.bridge.worker.Worker.create is original
    assert (made[0].task_queue, made[0].identity) == ("here", "me")
    assert (made[0].sdk[0], made[0].attempts_at_once, made[0].others) == ("temporal-python", 3, ())


@pytest.mark.parametrize("poll", ["poll_workflow_activation", "poll_activity_task", "poll_nexus_task"])
async def test_a_poll_ends_when_the_worker_shuts_down(poll: str) -> None:
    """With the error that the SDK waits for."""
    client = simulated_client(answer, lambda _: Idle(), namespace="default")
    with simulated_workers():
        worker = Worker(client, task_queue="here", activities=[idle])

    with pytest.raises(PollShutdownError):
        await getattr(worker._bridge_worker, poll)()
