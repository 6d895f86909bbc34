"""Notices a workflow task that the server refuses, such as one with a search attribute that it does not know.

The workflow's code does not learn of it, and the server has the task repeated indefinitely.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from temporalio.client import Client
from temporalio.service import RPCError

from harness.events import WorkflowTaskStuck
from harness.evidence.history import History
from harness.temporal.collect import look
from harness.temporal.fetched_history import fetched_histories
from harness.temporal.watch import stuck_by

LOOK_AGAIN = 1.0
"""After how many seconds it is asked again. Most runs have ended before it is asked for the first time."""


async def refused_task(client: Client, workflow_ids: Callable[[], Iterable[str]]) -> WorkflowTaskStuck:
    """Return once a workflow task has failed and is repeated.

    Args:
        client: Of the server that they run on.
        workflow_ids: Returns the workflows to look at.
    """
    while True:
        await asyncio.sleep(LOOK_AGAIN)
        for workflow_id in [*workflow_ids()]:
            # One that has not begun yet, or a server that is busy: it is asked again.
            with suppress(RPCError):
                for found in [*await _repeated(client, workflow_id)][:1]:
                    return found


async def _repeated(client: Client, workflow_id: str) -> Iterator[WorkflowTaskStuck]:
    description = await look(client, workflow_id)
    if description.pending_workflow_task.attempt <= 1:
        return iter(())
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    return failed_tasks(await fetched_histories([history], client.data_converter, broken=lambda _: None))


def failed_tasks(histories: Iterable[History]) -> Iterator[WorkflowTaskStuck]:
    """Yield each workflow task that failed for reasons of the application's."""
    for history in histories:
        for event in history.of_type("WorkflowTaskFailed"):
            stuck = stuck_by(history.workflow_id, event)
            if stuck is not None:
                yield stuck
