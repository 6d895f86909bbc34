"""Watches a workflow to its end, tells triggers of every event, and notices at once when a workflow task is stuck.

A failing workflow task is no end of the workflow: the server retries it for ever, in the hope of other code. The
first failing attempt is an event; from the second on the SDK reports nothing and lets the attempt run into its
timeout, so that only `describe` tells (ERR-006, ERR-007).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.history.v1 import HistoryEvent as RecordedEvent
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from harness.errors import EnvironmentUnavailable
from harness.events import Event, RunBroken, WorkflowTaskStuck
from harness.history import HistoryEvent, read_event
from harness.stage import HistoryFeed
from harness.stream import Stream

# Causes with which the server itself sets a workflow task back; the next attempt goes through.
HARMLESS = frozenset(
    f"WORKFLOW_TASK_FAILED_CAUSE_{cause}"
    for cause in (
        "UNHANDLED_COMMAND",
        "RESET_STICKY_TASK_QUEUE",
        "FORCE_CLOSE_COMMAND",
        "FAILOVER_CLOSE_COMMAND",
        "RESET_WORKFLOW",
    )
)

LOOK_AGAIN = timedelta(seconds=1)
"""How often `describe` is asked about workflow tasks that fail without an event."""

SILENT_ATTEMPTS = 3
"""From which attempt on a workflow task without a failure event counts as stuck: one lost task (its worker had just
gone) and its retry are ordinary."""


AWAY = frozenset(
    {RPCStatusCode.UNAVAILABLE, RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.UNKNOWN}
)
"""What a client hears of a server that is down, paused or just starting."""

BUSY = RPCStatusCode.RESOURCE_EXHAUSTED
"""What a client hears of a server that answers, and would rather be asked later."""

ANSWERS_WITHIN = timedelta(seconds=2)
"""How long a server may take to say what a workflow is waiting for, which is a courtesy."""

LOST_AFTER = 3
"""How many looks in a row, a second apart, a server that no fault breaks may leave unanswered until it counts as lost.
The SDK itself would go on asking for 10 s at every call."""

LOOKS_WITHIN = timedelta(seconds=5)
"""How long a server may take to answer such a look; one that is gone refuses it at once."""

ENDS_WITHIN = timedelta(seconds=5)
"""How long a server may take to end a workflow and to hand out its history."""

ASK_AGAIN = timedelta(milliseconds=50)
"""How long to wait before such a server is asked again."""


Bears = Callable[[WorkflowTaskStuck], bool]
"""Is told of a workflow task that fails, and says whether the watch goes on."""


def bears_nothing(_stuck: WorkflowTaskStuck) -> bool:
    """End the watch at the first workflow task that fails."""
    return False


class StuckError(Exception):
    """A workflow task fails and will go on failing."""

    def __init__(self, event: WorkflowTaskStuck) -> None:
        super().__init__(event.message)
        self.event = event


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


async def watch(
    client: Client,
    watched: Watched,
    *,
    run_id: str,
    feed: HistoryFeed,
    patient: bool = False,
    steady: bool = False,
    bears: Bears = bears_nothing,
) -> None:
    """Follow a workflow from one run on until it has closed.

    Args:
        client: Of the server it runs on.
        watched: Takes what is seen as it is seen, so that an interrupted watch loses nothing.
        run_id: The first run to follow.
        feed: Is told of every event.
        patient: Whether the server may be away for a while, since a fault breaks it.
        steady: Whether neither the worker nor the server can be lost. A task of which nobody reports is then late, on a
            machine with too much to do, and not failing: its first failure would be an event.
        bears: Is told of a workflow task that fails, and says whether to go on.

    Raises:
        StuckError: A workflow task fails, and `bears` does not bear it.
        EnvironmentUnavailable: The server is lost.
        RPCError: The server could not be asked.
    """
    silent = asyncio.create_task(
        _silent_failure(client, watched.workflow_id, patient=patient, steady=steady, bears=bears)
    )
    seen = asyncio.create_task(_runs(client, watched, run_id=run_id, feed=feed, patient=patient, bears=bears))
    try:
        await asyncio.wait([silent, seen], return_when=asyncio.FIRST_COMPLETED)
        await (seen if seen.done() else silent)
    finally:
        for task in (silent, seen):
            task.cancel()
        await asyncio.gather(silent, seen, return_exceptions=True)


async def _runs(
    client: Client, watched: Watched, *, run_id: str, feed: HistoryFeed, patient: bool, bears: Bears
) -> None:
    following: str = run_id
    while following:
        events = watched.recorded.setdefault(following, [])
        while True:
            try:
                await _events(client, watched, run_id=following, feed=feed, bears=bears)
                break
            except RPCError as error:
                if not (patient and error.status in AWAY):
                    raise
                await asyncio.sleep(ASK_AGAIN.total_seconds())
        following = _next_run(events[-1])
    watched.closed = True


async def _events(client: Client, watched: Watched, *, run_id: str, feed: HistoryFeed, bears: Bears) -> None:
    """Take the events of one run, and tell of those that were not seen yet, until it has closed."""
    events = watched.recorded[run_id]
    run = list(watched.recorded).index(run_id) + 1
    handle = client.get_workflow_handle(watched.workflow_id, run_id=run_id)
    async for recorded in handle.fetch_history_events(wait_new_event=True):
        # The server tells of a retried workflow task before it records it, and again, or of something else in its
        # place, once it has; and a second watch begins at the beginning. What came last counts.
        place = recorded.event_id - 1
        seen = place < len(events) and events[place].event_type == recorded.event_type
        if seen:
            events[place] = recorded
            continue
        del events[place:]
        events.append(recorded)
        event = read_event(MessageToDict(recorded))
        _refuse_stuck(watched.workflow_id, event, bears)
        await feed.publish(event, run=run)


def _refuse_stuck(workflow_id: str, event: HistoryEvent, bears: Bears) -> None:
    cause = str(event.attributes.get("cause", ""))
    if event.type != "WorkflowTaskFailed" or cause in HARMLESS:
        return
    failure = event.attributes.get("failure", {})
    stuck = WorkflowTaskStuck(
        workflow_id=workflow_id,
        cause=cause.removeprefix("WORKFLOW_TASK_FAILED_CAUSE_"),
        message=str(failure.get("message", "")),
        stack=str(failure.get("stackTrace", "")),
    )
    if not bears(stuck):
        raise StuckError(stuck)


async def _silent_failure(client: Client, workflow_id: str, *, patient: bool, steady: bool, bears: Bears) -> None:
    borne = steady
    unanswered = 0
    while True:
        await asyncio.sleep(LOOK_AGAIN.total_seconds())
        try:
            description = await _look(client, workflow_id)
        except RPCError as error:
            if error.status is BUSY:
                continue
            if error.status not in AWAY:
                raise
            unanswered += 1
            if unanswered == LOST_AFTER and not patient:
                raise lost(error) from error
            continue
        unanswered = 0
        pending = description.pending_workflow_task
        if pending.attempt < SILENT_ATTEMPTS or borne:
            continue
        stuck = WorkflowTaskStuck(
            workflow_id=workflow_id,
            cause="UNREPORTED",
            message=f"a workflow task is at attempt {pending.attempt} and no attempt says why",
            stack="The worker's own log has the error.",
        )
        borne = bears(stuck)
        if not borne:
            raise StuckError(stuck)


async def _look(client: Client, workflow_id: str) -> DescribeWorkflowExecutionResponse:
    """Describe a workflow, asked once."""
    request = DescribeWorkflowExecutionRequest(
        namespace=client.namespace, execution=WorkflowExecution(workflow_id=workflow_id)
    )
    return await client.workflow_service.describe_workflow_execution(request, retry=False, timeout=LOOKS_WITHIN)


def lost(error: RPCError) -> EnvironmentUnavailable:
    """Return the error of a server that does not answer, and that no fault keeps from it."""
    return EnvironmentUnavailable(f"the Temporal server is lost: it does not answer ({error.message}).")


async def unless_broken(stream: Stream, driving: Coroutine[Any, Any, None]) -> None:
    """Await `driving` to its end, or until something has broken that makes the run worthless."""
    broken = asyncio.Event()

    def look(event: Event) -> None:
        if isinstance(event, RunBroken):
            broken.set()

    stop = stream.listen(look)
    ends = [asyncio.create_task(driving), asyncio.create_task(broken.wait())]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if ends[0].done():
            await ends[0]
    finally:
        stop()
        for task in ends:
            task.cancel()
        await asyncio.gather(*ends, return_exceptions=True)


async def waiting_for(client: Client, workflow_id: str, *, patient: bool = False) -> str:
    """Say what an open workflow is waiting for, for a reader who wonders why it did not end.

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
        + (f" after {one.last_failure.message!r}" if one.HasField("last_failure") else "")
        for one in description.pending_activities
    ]
    parts += [f"child workflow {one.workflow_id}" for one in description.pending_children]
    if description.HasField("pending_workflow_task"):
        parts.append(f"a workflow task at attempt {description.pending_workflow_task.attempt}")
    return ", ".join(parts) or "a timer, a signal or a condition in its own code"


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
                following = _next_run(history.events[-1])
    return found


def _next_run(last: RecordedEvent) -> str:
    """The run that a run has gone on as, by continue-as-new or retry; "" when it has not."""
    return str(read_event(MessageToDict(last)).attributes.get("newExecutionRunId", ""))


async def end_open(client: Client, workflow_ids: list[str]) -> None:
    """Terminate what is still open, so that nothing of a run outlives it."""
    for workflow_id in workflow_ids:
        try:
            await client.get_workflow_handle(workflow_id).terminate("the scenario run is over")
        except RPCError as error:
            # Closed already is what is wanted; any other refusal leaves it to its execution timeout.
            if error.status not in {RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE}:
                raise


async def see_to_the_end(client: Client, watched: Watched) -> None:
    """End a workflow whose watch was cut short, and fetch what had not been seen of it yet.

    Once everything is healed: a server that a fault has broken can be asked again. If it is away all the same, that is
    told elsewhere, and what was seen stays.

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
                run_id = _next_run(history.events[-1])
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
            await _look(client, workflow_id)
        except RPCError as error:
            if error.status is BUSY:
                return
            refused += 1
            if error.status not in AWAY or refused == LOST_AFTER:
                raise
            await asyncio.sleep(ASK_AGAIN.total_seconds())
        else:
            return
