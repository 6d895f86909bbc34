"""The seed of a workflow's randomness is that of the SDK's core, which computes it again for a replay."""

from __future__ import annotations

import asyncio

from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from harness.simulation.core.random_seed import random_seed
from tests.unit.simulation.simulated import QUEUE, simulate
from tests.unit.simulation.zoo import Child, Draws


def test_it_depends_on_the_run() -> None:
    """And on nothing else."""
    assert random_seed("one run") == random_seed("one run")
    assert random_seed("one run") != random_seed("another run")


async def test_a_replay_by_the_sdk_draws_the_same() -> None:
    """A child's id is drawn at random in this workflow, and the SDK compares it."""

    async def drive(client: Client) -> WorkflowHistory:
        handle = await client.start_workflow(Draws.run, id="draws", task_queue=QUEUE)
        await handle.result()
        return await handle.fetch_history()

    history = await asyncio.to_thread(simulate, drive, workflows=[Draws, Child])
    result = await Replayer(workflows=[Draws], workflow_runner=UnsandboxedWorkflowRunner()).replay_workflow(history)

    assert result.replay_failure is None
