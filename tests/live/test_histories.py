"""Every run of every workflow that belongs to the scenario's is collected and replayed, and none is left open."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import uuid4

from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import PollWorkflowTaskQueueRequest
from temporalio.client import WorkflowExecutionStatus
from temporalio.worker import Replayer, Worker

from harness import Application, Outcome, Scenario, Status, Verdict
from harness.environment.open import Environment
from harness.events import Replayed, WorkflowClosed
from harness.evidence.history import HistoryEvent
from harness.temporal.collect import Watched
from harness.temporal.history_feed import HistoryFeed
from harness.temporal.watch import watch
from tests.live.apps.family import Child, Endless, Grandchild, Parent, Stays
from tests.live.conftest import Run

FAMILY = Scenario(
    application=Application(workflows=[Parent, Child, Grandchild, Stays]),
    workflow=Parent.run,
    expects=[Outcome(result="done")],
)


async def test_a_family_over_several_lives(run: Run, harness_environment: Environment) -> None:
    """Continued-as-new runs, children, their children and their later runs: all histories are there, all replay."""
    result = await run(FAMILY)

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    counted = Counter(history.workflow for history in result.evidence.histories)
    assert counted == {"Parent": 3, "Child": 4, "Grandchild": 2, "Stays": 2}
    assert len(result.evidence.of(Replayed)) == 11
    assert [event.status for event in result.evidence.of(WorkflowClosed)] == ["Completed"]
    client = harness_environment.temporal.client
    for workflow_id in {history.workflow_id for history in result.evidence.histories}:
        status = (await client.get_workflow_handle(workflow_id).describe()).status
        assert status is not WorkflowExecutionStatus.RUNNING, workflow_id


async def test_runs_that_come_after_the_watch_are_there_too(run: Run) -> None:
    """A workflow that does not stop continuing as new is ended, and no link of its chain is missing."""
    result = await run(
        Scenario(
            application=Application(workflows=[Endless]),
            workflow=Endless.run,
            expects=[Outcome()],
            deadline=timedelta(seconds=1),
        )
    )

    histories = result.evidence.histories
    followed = [str(one.events[-1].attributes.get("newExecutionRunId", "")) for one in histories]
    assert len(histories) > 2
    assert followed == [*(one.run_id for one in histories[1:]), ""]
    assert result.evidence.outcome.status is Status.TERMINATED


async def test_a_workflow_task_whose_first_attempt_was_lost(harness_environment: Environment) -> None:
    """The server tells of a retried workflow task twice, before and after it has recorded it; it is kept once."""
    client = harness_environment.temporal.client
    queue = workflow_id = f"lost-{uuid4()}"
    handle = await client.start_workflow(
        Grandchild.run, id=workflow_id, task_queue=queue, task_timeout=timedelta(seconds=1)
    )
    await client.workflow_service.poll_workflow_task_queue(
        PollWorkflowTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=queue), identity="a worker that dies"
        )
    )
    watched, feed = Watched(workflow_id), HistoryFeed()
    retried = asyncio.Event()

    async def look(event: HistoryEvent) -> None:
        if event.type == "WorkflowTaskScheduled" and event.id > 2:
            retried.set()

    with feed.watched(look):
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            group.create_task(watch(client, watched, run_id=str(handle.result_run_id), feed=feed))
            await retried.wait()
            async with Worker(client, task_queue=queue, workflows=[Grandchild]):
                await handle.result()

    [history] = watched.histories()
    recorded = await handle.fetch_history()
    assert [event.event_id for event in history.events] == [event.event_id for event in recorded.events]
    assert [event.id for event in feed.so_far] == [event.event_id for event in recorded.events]
    await Replayer(workflows=[Grandchild]).replay_workflow(history)
