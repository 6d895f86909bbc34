"""Who polls a task queue, as the Temporal server sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

ANSWERS_WITHIN = timedelta(seconds=2)

Pollers = dict[str, datetime]
"""When each poller was last seen, by its identity. A worker that is gone stays listed for some minutes."""


async def pollers_of(client: Client, task_queue: str) -> Pollers:
    """Return who polls a task queue; nobody if the server does not answer.

    Args:
        client: Of the server.
        task_queue: Which task queue.
    """
    seen: Pollers = {}
    for kind in (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY):
        request = DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=task_queue), task_queue_type=kind
        )
        try:
            answer = await client.workflow_service.describe_task_queue(request, timeout=ANSWERS_WITHIN)
        except RPCError:
            return {}
        for poller in answer.pollers:
            at = poller.last_access_time.ToDatetime()
            seen[poller.identity] = max(at, seen.get(poller.identity, at))
    return seen


def newcomer(seen: Pollers, *, before: Pollers, others: set[str], pid: int) -> str | None:
    """Return the identity of a poller that was not there before; of several, that of this process.

    A replacement may have the identity of the dead worker: it counts when it is seen again.

    Args:
        seen: Who polls now.
        before: Who had polled before this worker was started.
        others: The identities of workers that live.
        pid: This worker's process id, with which the SDK's default identity begins.
    """
    new = [who for who, at in seen.items() if who not in others and before.get(who) != at]
    return next((who for who in new if who.startswith(f"{pid}@")), new[0] if new else None)
