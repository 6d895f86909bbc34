"""Watches a workflow to its end, passes every event to triggers, and notices at once when a workflow task is stuck.

A failing workflow task does not end the workflow: the server retries it indefinitely, because other code may be
deployed. The first failing attempt is an event; from the second on the SDK reports nothing and lets the attempt run
into its timeout, so that only `describe` shows it (ERR-006, ERR-007).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from google.protobuf.json_format import MessageToDict
from temporalio.api.history.v1 import HistoryEvent as RecordedEvent
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError

from harness.errors import HarnessError
from harness.events import Event, RunBroken, WorkflowTaskStuck
from harness.evidence.event_stream import Stream
from harness.evidence.history import HistoryEvent, read_event, read_failure
from harness.temporal.codec import readable
from harness.temporal.collect import ASK_AGAIN, AWAY, BUSY, LOST_AFTER, Watched, look, lost, next_run
from harness.temporal.history_feed import HistoryFeed

# Causes with which the server itself resets a workflow task; the next attempt succeeds.
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
"""From which attempt on a workflow task without a failure event counts as stuck: one lost task (its worker was killed)
and its retry are ordinary."""


Tolerates = Callable[[WorkflowTaskStuck], bool]
"""Receives a workflow task that fails, and returns whether the watch goes on."""


def tolerates_nothing(_stuck: WorkflowTaskStuck) -> bool:
    """End the watch at the first workflow task that fails."""
    return False


class StuckError(Exception):
    """A workflow task fails and will go on failing."""

    def __init__(self, event: WorkflowTaskStuck) -> None:
        super().__init__(event.message)
        self.event = event


async def watch(
    client: Client,
    watched: Watched,
    *,
    run_id: str,
    feed: HistoryFeed,
    patient: bool = False,
    steady: bool = False,
    tolerates: Tolerates = tolerates_nothing,
) -> None:
    """Follow a workflow from one run on until it has closed.

    Args:
        client: Of the server it runs on.
        watched: Receives the events as they are seen, so that an interrupted watch loses nothing.
        run_id: The first run to follow.
        feed: Receives every event.
        patient: Whether the server may be away for a while, since a fault breaks it.
        steady: Whether neither the worker nor the server can be lost. A task without a report is then late, on an
            overloaded machine, and not failing: its first failure would be an event.
        tolerates: Receives a workflow task that fails, and returns whether to go on.

    Raises:
        StuckError: A workflow task fails, and `tolerates` returns False.
        EnvironmentUnavailable: The server is lost.
        RPCError: The server could not be asked.
    """
    silent = asyncio.create_task(
        _silent_failure(client, watched.workflow_id, patient=patient, steady=steady, tolerates=tolerates)
    )
    seen = asyncio.create_task(_runs(client, watched, run_id=run_id, feed=feed, patient=patient, tolerates=tolerates))
    try:
        await asyncio.wait([silent, seen], return_when=asyncio.FIRST_COMPLETED)
        await (seen if seen.done() else silent)
    finally:
        for task in (silent, seen):
            task.cancel()
        await asyncio.gather(silent, seen, return_exceptions=True)


async def _runs(
    client: Client, watched: Watched, *, run_id: str, feed: HistoryFeed, patient: bool, tolerates: Tolerates
) -> None:
    following: str = run_id
    while following:
        events = watched.recorded.setdefault(following, [])
        while True:
            try:
                await _events(client, watched, run_id=following, feed=feed, tolerates=tolerates)
                break
            except RPCError as error:
                if not (patient and error.status in AWAY):
                    raise
                await asyncio.sleep(ASK_AGAIN.total_seconds())
        following = next_run(events[-1])
    watched.closed = True


async def _events(client: Client, watched: Watched, *, run_id: str, feed: HistoryFeed, tolerates: Tolerates) -> None:
    """Take the events of one run, and publish those that were not seen yet, until it has closed."""
    events = watched.recorded[run_id]
    run = list(watched.recorded).index(run_id) + 1
    handle = client.get_workflow_handle(watched.workflow_id, run_id=run_id)
    async for recorded in handle.fetch_history_events(wait_new_event=True):
        # The server sends the start of a retried workflow task before it records it, and sends it, or another event in
        # its place, again afterwards; a second watch begins at the beginning. The last one counts.
        place = recorded.event_id - 1
        seen = place < len(events) and events[place].event_type == recorded.event_type
        if seen:
            events[place] = recorded
            continue
        del events[place:]
        events.append(recorded)
        event = read_event(MessageToDict(await _decoded(recorded, client.data_converter)))
        _refuse_stuck(watched.workflow_id, event, tolerates)
        await feed.publish(event, run=run)


async def _decoded(event: RecordedEvent, converter: DataConverter) -> RecordedEvent:
    try:
        [decoded] = await readable([event], converter)
    except HarnessError:
        # The error is reported when the whole history is read.
        return event
    return decoded


def _refuse_stuck(workflow_id: str, event: HistoryEvent, tolerates: Tolerates) -> None:
    stuck = stuck_by(workflow_id, event)
    if stuck is not None and not tolerates(stuck):
        raise StuckError(stuck)


def stuck_by(workflow_id: str, event: HistoryEvent) -> WorkflowTaskStuck | None:
    """Return what a workflow task failed by, with the failures behind it; None for events that are harmless."""
    cause = str(event.attributes.get("cause", ""))
    if event.type != "WorkflowTaskFailed" or cause in HARMLESS:
        return None
    failure = read_failure(event.attributes.get("failure", {}))
    return WorkflowTaskStuck(
        workflow_id=workflow_id,
        cause=cause.removeprefix("WORKFLOW_TASK_FAILED_CAUSE_"),
        message=failure.of_task,
        stack=failure.stack_trace,
    )


async def _silent_failure(
    client: Client, workflow_id: str, *, patient: bool, steady: bool, tolerates: Tolerates
) -> None:
    tolerated = steady
    unanswered = 0
    while True:
        await asyncio.sleep(LOOK_AGAIN.total_seconds())
        try:
            description = await look(client, workflow_id)
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
        if pending.attempt < SILENT_ATTEMPTS or tolerated:
            continue
        stuck = WorkflowTaskStuck(
            workflow_id=workflow_id,
            cause="UNREPORTED",
            message=f"a workflow task is at attempt {pending.attempt}, and no attempt reported why",
            stack="The worker's own log has the error.",
        )
        tolerated = tolerates(stuck)
        if not tolerated:
            raise StuckError(stuck)


async def unless_broken(stream: Stream, driving: Coroutine[Any, Any, None]) -> None:
    """Await `driving` to its end, or until a `RunBroken` makes the run worthless."""
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
