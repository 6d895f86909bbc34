"""Histories of a workflow and its children, collected to their end; what an open workflow waits for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import ActivityTaskFailedEventAttributes
from temporalio.api.history.v1 import HistoryEvent as RecordedEvent
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from harness.errors import EnvironmentUnavailable, HarnessError
from harness.evidence.history import read_event
from harness.temporal.codec import readable

AWAY = frozenset(
    {RPCStatusCode.UNAVAILABLE, RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.UNKNOWN}
)
"""The errors of a client whose server is down, paused or just starting."""


BUSY = RPCStatusCode.RESOURCE_EXHAUSTED
"""The error of a client whose server answers that it is overloaded."""


ANSWERS_WITHIN = timedelta(seconds=2)
"""How long a server may take to answer what a workflow is waiting for, which is only reported."""


LOST_AFTER = 3
"""How many requests in a row, a second apart, a server that no fault breaks may leave unanswered until it counts as
lost. The SDK itself would retry each call for 10 s."""


LOOKS_WITHIN = timedelta(seconds=5)
"""How long a server may take to answer such a request; one that is gone refuses it at once."""


ENDS_WITHIN = timedelta(seconds=5)
"""How long a server may take to terminate a workflow and to return its history."""


ASK_AGAIN = timedelta(milliseconds=50)
"""How long to wait before such a server is asked again."""


@dataclass
class Watched:
    """The runs of one workflow, one after the other by continue-as-new or retry, as far as they were seen.

    Attributes:
        workflow_id: The workflow.
        recorded: The events of each run, by run id.
        closed: Whether the last of them was seen to its end.
    """

    workflow_id: str
    recorded: dict[str, list[RecordedEvent]] = field(default_factory=dict)
    closed: bool = False

    def histories(self) -> list[WorkflowHistory]:
        """What was seen, one history a run, in the SDK's form."""
        return [WorkflowHistory(self.workflow_id, events) for events in self.recorded.values() if events]


async def look(client: Client, workflow_id: str) -> DescribeWorkflowExecutionResponse:
    """Describe a workflow, asked once."""
    request = DescribeWorkflowExecutionRequest(
        namespace=client.namespace, execution=WorkflowExecution(workflow_id=workflow_id)
    )
    return await client.workflow_service.describe_workflow_execution(request, retry=False, timeout=LOOKS_WITHIN)


def lost(error: RPCError) -> EnvironmentUnavailable:
    """Return the error of a server that does not answer although no fault breaks it."""
    return EnvironmentUnavailable(f"the Temporal server is lost: it does not answer ({error.message}).")


async def waiting_for(client: Client, workflow_id: str, *, patient: bool = False) -> str:
    """Return what an open workflow is waiting for, for a report of why it did not end.

    Args:
        client: Of the server it runs on.
        workflow_id: The workflow.
        patient: Whether the server may be away for a while, since a fault breaks it; it is then what is waited for.

    Raises:
        RPCError: The server could not be asked.
    """
    try:
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds() if patient else None):
            description = (await client.get_workflow_handle(workflow_id).describe()).raw_description
    except TimeoutError:
        return "the Temporal server, which does not answer"
    except RPCError as error:
        if not (patient and error.status in AWAY):
            raise
        return "the Temporal server, which is away"
    parts = [
        f"activity {one.activity_type.name} at attempt {one.attempt}"
        + (f" after {await _message(one.last_failure, client)}" if one.HasField("last_failure") else "")
        for one in description.pending_activities
    ]
    parts += [f"child workflow {one.workflow_id}" for one in description.pending_children]
    if description.HasField("pending_workflow_task"):
        parts.append(f"a workflow task at attempt {description.pending_workflow_task.attempt}")
    return ", ".join(parts) or "a timer, a signal or a condition in its own code"


async def _message(failure: Failure, client: Client) -> str:
    """A failure's message, which the application's data converter may have encoded."""
    event = RecordedEvent(activity_task_failed_event_attributes=ActivityTaskFailedEventAttributes(failure=failure))
    with suppress(HarnessError):
        [event] = await readable([event], client.data_converter)
    return repr(event.activity_task_failed_event_attributes.failure.message)


async def collect_children(client: Client, histories: list[WorkflowHistory]) -> list[WorkflowHistory]:
    """Fetch the histories of all children of these histories, of their later runs, and of their children in turn."""
    found: list[WorkflowHistory] = []
    waiting = list(histories)
    while waiting:
        for event in waiting.pop(0).events:
            if not event.HasField("child_workflow_execution_started_event_attributes"):
                continue
            child = event.child_workflow_execution_started_event_attributes.workflow_execution
            following = child.run_id
            while following:
                handle = client.get_workflow_handle(child.workflow_id, run_id=following)
                history = await handle.fetch_history()
                found.append(history)
                waiting.append(history)
                following = next_run(history.events[-1])
    return found


def next_run(last: RecordedEvent) -> str:
    """The run that a run has gone on as, by continue-as-new or retry; "" when it has not."""
    return str(read_event(MessageToDict(last)).attributes.get("newExecutionRunId", ""))


async def end_open(client: Client, workflow_ids: list[str]) -> None:
    """Terminate what is still open, so that nothing of a run outlives it."""
    for workflow_id in workflow_ids:
        try:
            await client.get_workflow_handle(workflow_id).terminate("the scenario run is over")
        except RPCError as error:
            # It has closed already, or its execution timeout ends it.
            if error.status not in {RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE}:
                raise


async def see_to_the_end(client: Client, watched: Watched) -> None:
    """End a workflow whose watch was cut short, and fetch what had not been seen of it yet.

    Call it once everything is healed: a server that a fault has broken answers again. If it is still away, that is
    reported elsewhere, and what was seen stays.

    Raises:
        RPCError: The server refuses.
    """
    if watched.closed or not watched.recorded:
        return
    try:
        async with asyncio.timeout(ENDS_WITHIN.total_seconds()):
            await _once_it_answers(client, watched.workflow_id)
            await end_open(client, [watched.workflow_id])
            # Every run but the last was seen to its end, and that one may have gone on as others meanwhile.
            run_id = list(watched.recorded)[-1]
            while run_id:
                history = await client.get_workflow_handle(watched.workflow_id, run_id=run_id).fetch_history()
                watched.recorded[run_id] = list(history.events)
                run_id = next_run(history.events[-1])
    except TimeoutError:
        return
    except RPCError as error:
        if error.status not in AWAY:
            raise


async def _once_it_answers(client: Client, workflow_id: str) -> None:
    """Look until the server answers, so that no call of the SDK's goes on asking one that is lost."""
    refused = 0
    while True:
        try:
            await look(client, workflow_id)
        except RPCError as error:
            if error.status is BUSY:
                return
            refused += 1
            if error.status not in AWAY or refused == LOST_AFTER:
                raise
            await asyncio.sleep(ASK_AGAIN.total_seconds())
        else:
            return
