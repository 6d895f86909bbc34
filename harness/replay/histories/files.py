"""Histories in files: read, and examined for what the SDK's replayer cannot deal with."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import WorkflowHistory

from harness.replay.events.outline import event_type, started
from harness.replay.histories.shapes import Events, Unreadable, histories_in
from harness.replay.verdicts.judgement import NotJudged

LARGEST = 512 * 2**20
"""The largest content that is read, in bytes. Temporal ends a workflow whose history has 50 MiB; as JSON that is about
four times as much."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a history from an index, or from an option.

    Attributes:
        workflow_id: Its workflow id, "" for unknown.
        run_id: Its run id, "" for unknown.
        namespace: The namespace it was recorded in, "" for unknown.
        open: Whether the run was open when it was recorded; None for unknown.
        events: How many events it had, 0 for unknown.
    """

    workflow_id: str = ""
    run_id: str = ""
    namespace: str = ""
    open: bool | None = None
    events: int = 0


@dataclass(frozen=True, kw_only=True)
class RecordedHistory:
    """A history that can be replayed.

    Attributes:
        history: As the SDK takes it.
        known: What is known of it, completed from the history itself.
        digest: Of its content.
        closed: Whether it ends with a close event.
        begun: Whether a workflow task was completed; if not, there is no decision to replay.
    """

    history: WorkflowHistory
    known: Known
    digest: str
    closed: bool
    begun: bool

    @property
    def events(self) -> Sequence[HistoryEvent]:
        """Its events."""
        return self.history.events

    @property
    def workflow(self) -> str:
        """Its workflow type."""
        return started(self.events).workflow_type.name


def read_file(path: Path, known: Known) -> Sequence[RecordedHistory | Unreadable]:
    """Read every history in a file.

    Args:
        path: JSON or protobuf, compressed or not, in any of the shapes of `histories_in`; its name does not matter.
        known: What an index has of it.

    Returns:
        Each history, or why that one, or the whole file, cannot be replayed.
    """
    try:
        found = histories_in(_content(path), name=path.name)
    except (OSError, EOFError, zlib.error) as error:
        return [Unreadable(NotJudged.UNREADABLE, f"{path.name} cannot be read: {error}.")]
    except Unreadable as error:
        return [error]
    return [
        _read(one, known, name=path.name, number=number if len(found) > 1 else 0)
        for number, one in enumerate(found, start=1)
    ]


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        raw = gzip.GzipFile(fileobj=file).read(LARGEST + 1) if packed else file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Unreadable(
            NotJudged.TOO_LARGE,
            f"{path.name} has more than {LARGEST // 2**20} MiB; Temporal ends a workflow long before that.",
        )
    return raw


def _read(found: Events | Unreadable, known: Known, *, name: str, number: int) -> RecordedHistory | Unreadable:
    if isinstance(found, Unreadable):
        return found
    if number:
        name = f"{name}#{number}"
        known = Known(open=known.open)
    known = replace(known, workflow_id=known.workflow_id or found.workflow_id, run_id=known.run_id or found.run_id)
    history = WorkflowHistory(workflow_id=known.workflow_id, events=found.events)
    try:
        return examine(history, known, name=name, digest=_digest(found.events))
    except Unreadable as error:
        return error


def _digest(events: Sequence[HistoryEvent]) -> str:
    return sha256(History(events=events).SerializeToString(deterministic=True)).hexdigest()


def examine(history: WorkflowHistory, known: Known, *, name: str, digest: str = "") -> RecordedHistory:
    """Find what the SDK's replayer cannot deal with, or does not notice.

    It waits without end on a history in which no workflow task was completed, or that began on no task queue, dies of
    an event type that it does not know, and takes a history that is cut short for an open run (temporalio 1.35).

    Raises:
        Unreadable: It cannot be replayed.
    """
    events = history.events
    if not events:
        raise Unreadable(NotJudged.EMPTY, f"{name} has no events.")
    for expected, event in enumerate(events, start=1):
        if event.event_id != expected:
            raise Unreadable(NotJudged.GAP, f"{name} has event {event.event_id} where event {expected} belongs.")
    if not events[0].HasField("workflow_execution_started_event_attributes"):
        raise Unreadable(NotJudged.GAP, f"{name} does not begin with WorkflowExecutionStarted.")
    if not started(events).task_queue.name:
        raise Unreadable(NotJudged.UNREADABLE, f"{name} does not say on which task queue it began.")
    _refuse_unknown(events, name)
    closed = closes(events[-1])
    if known.events > len(events):
        raise Unreadable(NotJudged.CUT, f"{name} has {len(events)} events; its index says {known.events}.")
    if not closed and not known.open:
        raise Unreadable(
            NotJudged.CUT,
            f"{name} has no close event, so it may be cut short. If its run was open, pass --open.",
        )
    start = started(events)
    workflow_id = known.workflow_id or start.workflow_id or name.partition(".")[0]
    return RecordedHistory(
        history=WorkflowHistory(workflow_id=workflow_id, events=events),
        known=Known(
            workflow_id=workflow_id,
            run_id=known.run_id or start.original_execution_run_id,
            namespace=known.namespace,
            open=not closed,
            events=len(events),
        ),
        digest=digest,
        closed=closed,
        begun=any(event.HasField("workflow_task_completed_event_attributes") for event in events),
    )


def _refuse_unknown(events: Sequence[HistoryEvent], name: str) -> None:
    # The core fails on them, also where the server says that a worker may ignore them.
    unknown = [
        one
        for one in events
        if one.WhichOneof("attributes") is None or not one.event_type or one.event_type not in EventType.values()
    ]
    if unknown:
        first = unknown[0]
        raise Unreadable(
            NotJudged.UNKNOWN_EVENT,
            f"{name} has an event that temporalio {version('temporalio')} does not know: event {first.event_id} "
            f"({event_type(first)}). A newer server wrote it; replay with a newer temporalio.",
        )


def closes(event: HistoryEvent) -> bool:
    """Whether an event closes its run."""
    return event.WhichOneof("attributes") in _CLOSES


_CLOSES = frozenset(
    f"workflow_execution_{how}_event_attributes"
    for how in ("completed", "failed", "canceled", "terminated", "timed_out", "continued_as_new")
)
