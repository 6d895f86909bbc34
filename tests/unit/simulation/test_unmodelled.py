"""What is not modelled ends the run with its name, wherever it comes up."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowUpdateStage

from harness.simulation.server import workflow_tasks
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


@workflow.defn
class Long:
    """Has a long history, and takes updates without ever answering."""

    @workflow.run
    async def run(self, timers: int) -> None:
        """Wait so many times at once, and then for ever."""
        await asyncio.gather(*(workflow.sleep(1) for _ in range(timers)))
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def ask(self) -> None:
        """Wait for ever."""
        await workflow.wait_condition(lambda: False)


def test_a_long_history() -> None:
    """A real server would suggest to continue as new at some time."""

    async def drive(client: Client) -> None:
        await client.start_workflow(Long.run, 1000, id="it", task_queue=QUEUE)
        await asyncio.sleep(5)

    with pytest.raises(Unmodelled, match="a history with more than 2000 events"):
        simulate(drive, workflows=[Long])


def test_a_workflow_whose_tasks_never_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """In virtual time it would go on for ever."""
    monkeypatch.setattr(workflow_tasks, "TASKS", 1)

    async def drive(client: Client) -> None:
        await client.start_workflow(Long.run, 10, id="it", task_queue=QUEUE)
        await asyncio.sleep(5)

    with pytest.raises(Unmodelled, match="a workflow with more than 1 workflow tasks"):
        simulate(drive, workflows=[Long])


def test_a_large_payload() -> None:
    """A real server would refuse it."""

    async def drive(client: Client) -> None:
        with pytest.raises(Unmodelled):
            await client.start_workflow("Long", "x" * 3_000_000, id="it", task_queue=QUEUE)

    with pytest.raises(Unmodelled, match="an event with more than 2 MB"):
        simulate(drive, workflows=[Long])


def test_many_updates_at_once() -> None:
    """A real server would refuse the last."""

    async def drive(client: Client) -> None:
        handle = await client.start_workflow(Long.run, 0, id="it", task_queue=QUEUE)
        for _ in range(10):
            await handle.start_update(Long.ask, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
        with pytest.raises(Unmodelled):
            await handle.start_update(Long.ask, wait_for_stage=WorkflowUpdateStage.ACCEPTED)

    with pytest.raises(Unmodelled, match="more than 10 updates of one workflow in flight"):
        simulate(drive, workflows=[Long])


@pytest.mark.parametrize(
    ("workflow_type", "options", "what"),
    [
        (zoo.Calls, {"max_activities_per_second": 1}, "a worker with max_activities_per_second"),
        (zoo.Calls, {"use_worker_versioning": True, "build_id": "1"}, "a worker with versioning"),
        (zoo.Parent, {"max_cached_workflows": 1}, "more workflows at once than a worker's cache holds"),
        (zoo.TimesOut, {"max_concurrent_activities": 1}, "more activities at once than a worker does"),
    ],
)
def test_limits_of_a_worker(workflow_type: type, options: dict[str, Any], what: str) -> None:
    """Nothing waits for its turn in simulation."""

    async def drive(client: Client) -> None:
        await client.start_workflow(workflow_type.__name__, "x", id="it", task_queue=QUEUE)
        await asyncio.sleep(5)

    with pytest.raises(Unmodelled, match=what):
        simulate(
            drive,
            workflows=[zoo.Calls, zoo.Child, zoo.Parent, zoo.TimesOut],
            activities=[zoo.echo, zoo.fails_once, zoo.hangs],
            **options,
        )
