"""A workflow task that fails ends the wait at once; the server would try it again for ever."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import PollWorkflowTaskQueueRequest
from temporalio.client import WorkflowExecutionStatus
from temporalio.worker import Worker

from harness import Application, Outcome, Scenario, Verdict
from harness.environment.open import Environment
from harness.events import WorkflowStarted
from harness.temporal.collect import Watched
from harness.temporal.history_feed import HistoryFeed
from harness.temporal.watch import StuckError, watch
from tests.live.apps.stuck import Buggy
from tests.live.conftest import Run

AT_ONCE = timedelta(seconds=5)
"""Far below the deadline of a minute, and above what a busy machine takes."""


async def test_a_bug_is_told_with_its_traceback(run: Run, harness_environment: Environment) -> None:
    """The run is FAILED in a moment, with the bug's traceback as finding, and the workflow is not left open."""
    scenario = Scenario(application=Application(workflows=[Buggy]), workflow=Buggy.run, expects=[Outcome()])

    result = await run(scenario)

    finding = result.findings[0]
    assert (result.verdict, finding.oracle) == (Verdict.FAILED, "no_stuck_task")
    assert "nowhere" in finding.title
    assert 'return known["nowhere"]' in finding.detail
    assert result.took < AT_ONCE
    [started] = result.evidence.of(WorkflowStarted)
    handle = harness_environment.temporal.client.get_workflow_handle(started.workflow_id)
    assert (await handle.describe()).status is WorkflowExecutionStatus.TERMINATED


async def test_a_bug_that_no_attempt_reports_is_seen_all_the_same(harness_environment: Environment) -> None:
    """When the first attempt is lost with its worker, the failures after it are no events, and are noticed."""
    client = harness_environment.temporal.client
    queue = workflow_id = f"unreported-{uuid4()}"
    handle = await client.start_workflow(Buggy.run, id=workflow_id, task_queue=queue, task_timeout=timedelta(seconds=1))
    taken = await client.workflow_service.poll_workflow_task_queue(
        PollWorkflowTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=queue), identity="a worker that dies"
        )
    )
    watched = Watched(workflow_id)

    async with Worker(client, task_queue=queue, workflows=[Buggy]), asyncio.timeout(30):
        with pytest.raises(StuckError) as caught:
            await watch(client, watched, run_id=str(handle.result_run_id), feed=HistoryFeed())
        await handle.terminate()

    assert taken.attempt == 1
    assert "attempt 3" in caught.value.event.message
    assert not watched.closed
