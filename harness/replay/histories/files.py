"""Histories in files, whoever wrote them: ours, compressed; the `temporal` command's; `WorkflowHistory.to_json()`."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseError
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from harness.replay.events.decode import NotAsExpected, events_of
from harness.replay.events.outline import started
from harness.replay.verdicts.judgement import NotJudged

LARGEST = 512 * 2**20
"""From how many bytes on nothing is read. Temporal ends a workflow whose history has 50 MiB; as JSON that is some four
times as much, and a file beyond this is none."""


class Unreadable(Exception):  # noqa: N818 - a state of a file
    """A file is no history that can be replayed.

    Attributes:
        reason: Of which kind the trouble is.
    """

    def __init__(self, reason: NotJudged, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a history beside its file, from an index.

    Attributes:
        workflow_id: Its workflow id, "" when nobody knows it.
        run_id: Its run id, likewise.
        namespace: Where it was recorded, likewise.
        open: Whether the run was open when it was recorded; None when nobody knows.
        events: How many events it had, 0 when nobody knows.
    """

    workflow_id: str = ""
    run_id: str = ""
    namespace: str = ""
    open: bool | None = None
    events: int = 0


@dataclass(frozen=True, kw_only=True)
class Read:
    """A history that was read.

    Attributes:
        history: As the SDK takes it.
        known: What is known of it, completed from the history itself.
        digest: Of its content.
        closed: Whether it ends with a close event.
    """

    history: WorkflowHistory
    known: Known
    digest: str
    closed: bool

    @property
    def events(self) -> Sequence[HistoryEvent]:
        """Its events."""
        return self.history.events

    @property
    def workflow(self) -> str:
        """Its workflow type."""
        return started(list(self.events)).workflow_type.name


def read_file(path: Path, known: Known) -> Read:
    """Read a history.

    Args:
        path: JSON, compressed or not, whatever its name says.
        known: What an index says of it.

    Raises:
        Unreadable: It is none, or not all of one.
    """
    try:
        raw = _content(path)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(NotJudged.UNREADABLE, f"{path.name} cannot be read: {error}.") from error
    if not raw.strip():
        raise Unreadable(NotJudged.EMPTY, f"{path.name} is an empty file.")
    try:
        data = json.loads(raw)
    except ValueError as error:
        raise Unreadable(NotJudged.UNREADABLE, f"{path.name} is not JSON, or not all of it: {error}.") from error
    return read_data(data, known, name=path.name, digest=hashlib.sha256(raw).hexdigest())


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


def read_data(data: Any, known: Known, *, name: str, digest: str = "") -> Read:
    """Read a history from its JSON data.

    Raises:
        Unreadable: It is none, or not all of one.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("events"), list):
        raise Unreadable(NotJudged.UNREADABLE, f"{name} is JSON, but no history: there is no list of events in it.")
    if not data["events"]:
        raise Unreadable(NotJudged.EMPTY, f"{name} has no events.")
    try:
        history = WorkflowHistory(known.workflow_id or name, events_of(data["events"]))
    except NotAsExpected:
        history = _by_the_sdk(data, known.workflow_id or name)
    return look_at(history, known, name=name, digest=digest)


def _by_the_sdk(data: Mapping[str, Any], name: str) -> WorkflowHistory:
    try:
        return WorkflowHistory.from_json(name, dict(data))
    except (ParseError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise Unreadable(NotJudged.UNREADABLE, f"{name} is no history: {error}.") from error


def look_at(history: WorkflowHistory, known: Known, *, name: str, digest: str = "") -> Read:
    """Find what the replayer would take badly, or not notice at all.

    It waits for ever on a history in which no workflow task was completed, or that began on no task queue, and takes
    one that is cut short for an open run (measured, temporalio 1.35).

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
    if not started(list(events)).task_queue.name:
        raise Unreadable(NotJudged.UNREADABLE, f"{name} does not say on which task queue it began.")
    closed = closes(events[-1])
    if known.events > len(events):
        raise Unreadable(NotJudged.CUT, f"{name} has {len(events)} events; its index says {known.events}.")
    if not any(event.HasField("workflow_task_completed_event_attributes") for event in events):
        raise Unreadable(
            NotJudged.NOT_BEGUN, f"{name} has no completed workflow task: there is no decision to take again."
        )
    if not closed and not known.open:
        raise Unreadable(
            NotJudged.CUT,
            f"{name} has no close event, and nothing says that the run was open. If it was, say --open.",
        )
    start = started(list(events))
    workflow_id = known.workflow_id or start.workflow_id or name.partition(".")[0]
    return Read(
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
    )


def closes(event: HistoryEvent) -> bool:
    """Whether nothing can come after an event."""
    return event.WhichOneof("attributes") in _CLOSES


_CLOSES = frozenset(
    f"workflow_execution_{how}_event_attributes"
    for how in ("completed", "failed", "canceled", "terminated", "timed_out", "continued_as_new")
)
