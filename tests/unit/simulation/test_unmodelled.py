"""What is not modelled ends the run with its name, wherever it comes up."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.client import Client

from harness.simulation.unmodelled import Unmodelled
from tests.unit.simulation import zoo
from tests.unit.simulation.simulated import QUEUE, simulate


@workflow.defn
class Slow:
    """Calls a local activity that takes longer than a workflow task may."""

    @workflow.run
    async def run(self) -> str:
        """Call it."""
        return await workflow.execute_local_activity(zoo.hangs, "long", schedule_to_close_timeout=timedelta(minutes=5))


def test_a_request_that_no_simulated_server_answers() -> None:
    """A real one would."""

    async def drive(client: Client) -> None:
        with pytest.raises(Unmodelled):
            await client.count_workflows("")

    with pytest.raises(Unmodelled, match="the request count_workflow_executions"):
        simulate(drive, workflows=[Slow], activities=[zoo.hangs])


def test_an_option_of_a_start() -> None:
    """That a real server would follow."""

    async def drive(client: Client) -> None:
        with pytest.raises(Unmodelled):
            await client.start_workflow(Slow.run, id="it", task_queue=QUEUE, cron_schedule="* * * * *")

    with pytest.raises(Unmodelled, match="cron_schedule"):
        simulate(drive, workflows=[Slow], activities=[zoo.hangs])


def test_what_comes_up_in_a_timer() -> None:
    """Nobody waits for that, and it is known all the same."""

    async def drive(client: Client) -> None:
        handle = await client.start_workflow(Slow.run, id="it", task_queue=QUEUE)
        await asyncio.sleep(11)
        await handle.terminate()

    with pytest.raises(Unmodelled, match="a workflow task that times out"):
        simulate(drive, workflows=[Slow], activities=[zoo.hangs])
