"""A corpus: a folder of recorded histories, one compressed file for each run, and an index of them."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from temporalio.api.history.v1 import HistoryEvent

from harness.errors import UsageError, other_format
from harness.files.atomic_file import write_whole
from harness.files.path_part import LONGEST, path_part
from harness.replay.events.outline import event_type, of_event, started
from harness.replay.histories.files import closes
from harness.replay.histories.folder import INDEX

FORMAT = 1
"""Version of the index's form. Fields may be added within a version, and are not taken away or changed."""


@dataclass(frozen=True, kw_only=True)
class CorpusEntry:
    """The entry of one history in the index.

    Attributes:
        workflow_id: Whose it is.
        run_id: Which run's.
        workflow: Its workflow type.
        namespace: Where it was recorded.
        events: How many there are.
        open: Whether the run was open when it was recorded.
        build_id: Of the worker that completed its last workflow task.
        revision: The git revision of the working directory in which it was recorded.
        decoded_by: The codec that decoded its payloads, "" when they are as the server had them.
        scrubbed: What was taken out.
        fingerprint: Of its shape: the types of its events and what they are about, without their payloads.
    """

    workflow_id: str
    run_id: str
    workflow: str
    namespace: str
    events: int
    open: bool
    build_id: str
    revision: str
    decoded_by: str
    scrubbed: tuple[str, ...]
    fingerprint: str


@dataclass
class Corpus:
    """A corpus that is being recorded.

    Args:
        folder: Where it is; made if it is not there.

    Attributes:
        key: What tells the key by which it was scrubbed last from others; "" for none.
        entries: The entries of the index, by file.

    Raises:
        UsageError: There is an index that cannot be read, or of another version.
    """

    folder: Path
    key: str = field(default="", init=False)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        index = self.folder / INDEX
        if not index.is_file():
            return
        try:
            data = json.loads(index.read_text(encoding="utf-8"))
            if data.get("format") != FORMAT:
                raise other_format(index, found=data.get("format"), reads=FORMAT, again="Record into another folder.")
            self.entries = dict(data["histories"])
            self.key = str(data.get("key", ""))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{index} is not the index of a corpus: {error!r}.") from error

    def has(self, workflow_id: str, run_id: str) -> bool:
        """Whether this run is there, and was closed: one that was open may have gone on."""
        entry = self.entries.get(file_name(workflow_id, run_id))
        return entry is not None and not entry["open"] and (self.folder / file_name(workflow_id, run_id)).is_file()

    def has_shape(self, shape: str) -> bool:
        """Whether a history of this fingerprint is there."""
        return any(entry["fingerprint"] == shape for entry in self.entries.values())

    def add(self, events: Sequence[HistoryEvent], entry: CorpusEntry) -> None:
        """Write a history."""
        name = file_name(entry.workflow_id, entry.run_id)
        data = {"events": [MessageToDict(one) for one in events]}
        # Without a time in it, so that the same history is the same file.
        packed = gzip.compress(json.dumps(data, separators=(",", ":")).encode(), mtime=0)
        write_whole(self.folder / name, packed)
        self.entries[name] = asdict(entry)

    def save(self) -> None:
        """Write the index."""
        key = {"key": self.key} if self.key else {}
        data = {"format": FORMAT, **key, "histories": dict(sorted(self.entries.items()))}
        write_whole(self.folder / INDEX, json.dumps(data, indent=1).encode() + b"\n")


def file_name(workflow_id: str, run_id: str) -> str:
    """Return "order-1~4f0c….json.gz" for a run."""
    run = path_part(run_id, longest=60)
    return f"{path_part(workflow_id, longest=LONGEST - len(run))}~{run}.json.gz"


def entry_of(
    events: Sequence[HistoryEvent],
    *,
    workflow_id: str,
    run_id: str,
    namespace: str,
    revision: str,
    decoded_by: str = "",
    scrubbed: Sequence[str] = (),
) -> CorpusEntry:
    """Return the entry of a history in the index."""
    return CorpusEntry(
        workflow_id=workflow_id,
        run_id=run_id,
        workflow=started(events).workflow_type.name,
        namespace=namespace,
        events=len(events),
        open=not closes(events[-1]),
        build_id=_build_id(events),
        revision=revision,
        decoded_by=decoded_by,
        scrubbed=tuple(scrubbed),
        fingerprint=fingerprint(events),
    )


def fingerprint(events: Sequence[HistoryEvent]) -> str:
    """Return a hash of the shape of a history: equal for histories with the same events about the same things."""
    shape = [started(events).workflow_type.name]
    for event in events:
        outline = of_event(event)
        signal = event.workflow_execution_signaled_event_attributes.signal_name
        shape.append(f"{event_type(event)} {outline.name if outline else signal}")
    return hashlib.sha256("\n".join(shape).encode()).hexdigest()[:16]


def _build_id(events: Sequence[HistoryEvent]) -> str:
    for event in reversed(events):
        if event.HasField("workflow_task_completed_event_attributes"):
            done = event.workflow_task_completed_event_attributes
            return done.deployment_version.build_id or done.worker_version.build_id
    return ""


def revision_here() -> str:
    """Return the git revision of the working directory, "" if it is in no repository."""
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607 - whichever git
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
