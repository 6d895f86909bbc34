"""Evidence: all that is known of a finished run, and the folder that keeps it.

Oracles read this and nothing else, so that any verdict can be reached again from the folder alone.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from harness.errors import EnvironmentUnavailable, UsageError
from harness.event_json import from_json, to_json
from harness.events import (
    CallAnswered,
    CallReceived,
    CallUnanswered,
    EffectApplied,
    EffectUndone,
    Event,
)
from harness.history import Ending, History, Status, read_history

FORMAT = 1
"""Version of the run folder's form. A folder of another version is refused with the reason."""

LONGEST_NAME = 200
"""From which length on a workflow id is cut to make the name of its folder."""

EVENTS = "events.jsonl"
"""The file of the run folder that is written while the run goes on."""

EventKind = TypeVar("EventKind", bound=Event)


@dataclass(frozen=True, kw_only=True)
class CallRecord:
    """One call at a fake, from its arrival to its end.

    Attributes:
        id: Such as "flights.book#2".
        status: The HTTP status answered, None for a call that got no answer.
        unanswered: Why it got none, "" when it was answered, or when the run ended first.
        ended_at: When it was answered or cut, None when the run ended first.
        workflow_time: When it came by the workflow's clock, where that one skips.
    """

    id: str
    service: str
    operation: str
    key: str | None
    body: Any
    at: datetime
    status: int | None
    unanswered: str
    ended_at: datetime | None
    workflow_time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a run left behind.

    Attributes:
        scenario: The scenario's name.
        seed: What every choice of chance in the run was drawn from.
        events: The stream, in the order of its recording.
        histories: The event histories of all workflow runs, the scenario's own first, then each that followed it
            by continue-as-new, then the children's.
    """

    scenario: str
    seed: int
    events: tuple[Event, ...]
    histories: tuple[History, ...]

    def of(self, kind: type[EventKind]) -> tuple[EventKind, ...]:
        """Return the events of one kind, in order."""
        return tuple(event for event in self.events if isinstance(event, kind))

    @cached_property
    def outcome(self) -> Ending:
        """How the scenario's workflow ended, its last run if it continued as new."""
        return self.runs[-1].outcome if self.runs else Ending(status=Status.RUNNING)

    @cached_property
    def runs(self) -> tuple[History, ...]:
        """The runs of the scenario's workflow: the first, then each that followed by continue-as-new or retry."""
        return tuple(one for one in self.histories if one.workflow_id == self.histories[0].workflow_id)

    @cached_property
    def calls(self) -> tuple[CallRecord, ...]:
        """Every call at every fake, in the order of arrival."""
        answered = {event.call: event for event in self.of(CallAnswered)}
        silent = {event.call: event for event in self.of(CallUnanswered)}
        return tuple(
            CallRecord(
                id=event.call,
                service=event.service,
                operation=event.operation,
                key=event.key,
                body=event.body,
                at=event.at,
                status=answered[event.call].status if event.call in answered else None,
                unanswered=silent[event.call].why if event.call in silent else "",
                ended_at=(answered.get(event.call) or silent.get(event.call) or _Never).at,
                workflow_time=event.workflow_time,
            )
            for event in self.of(CallReceived)
        )

    def calls_of(self, service: str, operation: str) -> tuple[CallRecord, ...]:
        """Return the calls of one operation, in the order of arrival."""
        return tuple(call for call in self.calls if (call.service, call.operation) == (service, operation))

    @cached_property
    def standing(self) -> tuple[EffectApplied, ...]:
        """The effects that stand at the end of the run, in the order in which they were applied."""
        left: dict[tuple[str, str, str], EffectApplied] = {}
        for event in self.events:
            if isinstance(event, EffectApplied):
                left[event.service, event.operation, event.key] = event
            elif isinstance(event, EffectUndone):
                left.pop((event.service, event.undoes, event.key), None)
        return tuple(left.values())

    @cached_property
    def reports_failure(self) -> bool:
        """Whether the workflow said that it did not succeed.

        It did when it ended in any way but Completed, or when its result carries `success` as false. One that has
        not ended has said nothing.
        """
        if not self.ended:
            return False
        result = self.outcome.result
        denied = isinstance(result, Mapping) and result.get("success") is False
        return self.outcome.status is not Status.COMPLETED or denied

    @property
    def ended(self) -> bool:
        """Whether the scenario's workflow is known to have ended, its last run if it continued as new."""
        return self.outcome.status not in {Status.RUNNING, Status.CONTINUED_AS_NEW}


class _Never:
    at: None = None


class RunFolder:
    """The folder of one run, written while the run goes on, so that no end of the process loses it.

    When the disk fills up or the folder goes away, all there was moves to a temporary folder and is continued there.

    Args:
        path: The folder; it is made, with its parents.

    Raises:
        EnvironmentUnavailable: It cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.moved_because = ""
        self._lines: list[str] = []
        self._lost = ""
        try:
            path.mkdir(parents=True, exist_ok=True)
            # Emptied, should an earlier run have left its own there.
            (path / EVENTS).write_text("", encoding="utf-8")
        except OSError as error:
            raise EnvironmentUnavailable(
                f"the run folder {path} cannot be written: {error.strerror}. Choose another with --runs."
            ) from error

    def record(self, event: Event) -> None:
        """Append one event. Never raises, since the application would meet the error; the next `write` does."""
        self._lines.append(json.dumps(to_json(event)) + "\n")
        try:
            _put(self.path / EVENTS, self._lines[-1], append=True)
        except OSError as error:
            self._move(error)

    def write_history(self, raw: str, *, workflow_id: str, run_id: str) -> None:
        """Keep a history in its JSON form, under its workflow id and run id.

        Raises:
            EnvironmentUnavailable: Not even a temporary folder could take what there is.
        """
        self.write(_history_file(workflow_id, run_id), raw)

    def write(self, name: str, text: str) -> None:
        """Write another file of the folder.

        Raises:
            EnvironmentUnavailable: Not even a temporary folder could take what there is.
        """
        try:
            self._write(name, text)
        except OSError as error:
            self._move(error)
            with suppress(OSError):
                self._write(name, text)
        if self._lost:
            raise EnvironmentUnavailable(self._lost)

    def _write(self, name: str, text: str) -> None:
        # Gone together with the folder, which would be made anew without them.
        (self.path / EVENTS).stat()
        _put(self.path / name, text)

    def _move(self, error: OSError) -> None:
        """Begin a temporary folder with all there was."""
        gone = f"{self.path} cannot be written any more ({error.strerror})"
        if self.moved_because:
            self._lost = f"{gone}; {self.moved_because}"
            return
        try:
            spare = Path(tempfile.mkdtemp(prefix="harness-run-"))
            with suppress(OSError, shutil.Error):
                shutil.copytree(self.path, spare, dirs_exist_ok=True, ignore=shutil.ignore_patterns(EVENTS))
            _put(spare / EVENTS, "".join(self._lines))
        except OSError as second:
            self._lost = f"{gone}, and neither can a temporary folder ({second.strerror})."
            return
        self.moved_because = f"{gone}; the run is kept in {spare}"
        self.path = spare


def _put(path: Path, text: str, *, append: bool = False) -> None:
    if not append:
        path.parent.mkdir(parents=True, exist_ok=True)
    # What is appended to must be there: a file made anew would lack its beginning.
    with path.open("r+" if append else "w", encoding="utf-8", errors="backslashreplace") as file:
        file.seek(0, os.SEEK_END)
        file.write(text)


def _history_file(workflow_id: str, run_id: str) -> str:
    folder = quote(workflow_id, safe="")
    if len(folder) > LONGEST_NAME:
        # Temporal allows ids of 1000 characters, file systems mostly names of 255.
        folder = f"{folder[:LONGEST_NAME]}~{zlib.crc32(folder.encode()):08x}"
    return f"histories/{folder}/{run_id}.json"


def save_index(folder: RunFolder, evidence: Evidence) -> None:
    """Write what `load` needs beside the events and histories: names, seed and the order of the histories."""
    order = [{"workflow_id": one.workflow_id, "run_id": one.run_id} for one in evidence.histories]
    data = {"format": FORMAT, "scenario": evidence.scenario, "seed": evidence.seed, "histories": order}
    folder.write("evidence.json", json.dumps(data, indent=2) + "\n")


def load(path: Path) -> Evidence:
    """Read the evidence of a run folder.

    Raises:
        UsageError: It is not a run folder, is damaged, or was written by another version.
    """
    try:
        index = json.loads((path / "evidence.json").read_text(encoding="utf-8"))
        if index["format"] != FORMAT:
            raise UsageError(f"{path} has format {index['format']}, this version reads {FORMAT}.")
        return Evidence(
            scenario=index["scenario"],
            seed=index["seed"],
            events=tuple(_read_events(path / EVENTS)),
            histories=tuple(_load_history(path, one) for one in index["histories"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is not a run folder that can be read: {error!r}.") from error


def _read_events(path: Path) -> Iterable[Event]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield from_json(json.loads(line))


def _load_history(path: Path, one: Mapping[str, str]) -> History:
    file = path / _history_file(one["workflow_id"], one["run_id"])
    data = json.loads(file.read_text(encoding="utf-8"))
    return read_history(data, workflow_id=one["workflow_id"], run_id=one["run_id"])
