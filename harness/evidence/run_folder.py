"""The folder of one run: written while the run goes on, read again to judge it."""

from __future__ import annotations

import glob
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.errors import EnvironmentUnavailable, UsageError, other_format
from harness.events import (
    Event,
)
from harness.evidence.event_json import from_json, to_json
from harness.evidence.evidence import Evidence, RedactedWith
from harness.evidence.history import History, read_history
from harness.evidence.redacted import redacted
from harness.files.path_part import path_part
from harness.redaction.active import active

FORMAT = 1
"""Version of the run folder's form. A folder of another version is refused with the reason."""


EVENTS = "events.jsonl"
"""The file of the run folder that is written while the run goes on."""


DECODED = "decoded.json"
"""The file with histories as oracles read them, where the application has its own payload codec or data converter."""


class RunFolder:
    """The folder of one run, written while the run goes on, so that no end of the process loses it.

    When the disk fills up or the folder goes away, all there was moves to a temporary folder and is continued there.

    Args:
        path: The folder; it is made, with its parents.

    Attributes:
        redactor: Replaces secrets before anything is written.

    Raises:
        EnvironmentUnavailable: It cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.redactor = active().fresh()
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

    def record(self, event: Event) -> Event:
        """Append one event. Never raises, since the application would meet the error; the next `write` does.

        Returns:
            The event as it was written, without secrets.
        """
        shown = redacted(event, self.redactor)
        self._lines.append(json.dumps(to_json(shown)) + "\n")
        try:
            _put(self.path / EVENTS, self._lines[-1], append=True)
        except OSError as error:
            self._move(error)
        return shown

    def write_events(self, events: Iterable[Event]) -> None:
        """Write all events again, where a secret was met that had been in earlier ones.

        Raises:
            EnvironmentUnavailable: Not even a temporary folder could take what there is.
        """
        lines = [json.dumps(to_json(event)) + "\n" for event in events]
        if lines != self._lines:
            self._lines = lines
            self.write(EVENTS, "".join(lines))

    def write_history(self, raw: str, *, workflow_id: str, run_id: str) -> None:
        """Keep a history in its JSON form, under its workflow id and run id.

        Raises:
            EnvironmentUnavailable: Not even a temporary folder could take what there is.
        """
        self.write(_history_file(workflow_id, run_id), raw)

    def write_decoded(self, by_run: Mapping[str, Any]) -> None:
        """Keep the decoded forms of histories whose payloads only the application's data converter can read.

        Args:
            by_run: The JSON form of each, by run id.

        Raises:
            EnvironmentUnavailable: Not even a temporary folder could take what there is.
        """
        if by_run:
            self.write(DECODED, json.dumps(by_run) + "\n")

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
    return f"histories/{path_part(workflow_id)}/{path_part(run_id)}.json"


def save_index(folder: RunFolder, evidence: Evidence) -> None:
    """Write what `load` needs beside the events and histories: names, seed and the order of the histories."""
    order = [{"workflow_id": one.workflow_id, "run_id": one.run_id} for one in evidence.histories]
    data = {
        "format": FORMAT,
        "scenario": evidence.scenario,
        "seed": evidence.seed,
        "events": len(evidence.events),
        "histories": order,
    }
    if evidence.redacted is not None:
        data["redacted"] = asdict(evidence.redacted)
    folder.write("evidence.json", json.dumps(data, indent=2) + "\n")


def load(path: Path) -> Evidence:
    """Read the evidence of a run folder.

    Raises:
        UsageError: It is not a run folder, is damaged, or was written by another version.
    """
    try:
        index = json.loads((path / "evidence.json").read_text(encoding="utf-8"))
        if index.get("format") != FORMAT:
            raise other_format(path, found=index.get("format"), reads=FORMAT, again="Run the scenario again.")
        decoded = json.loads((path / DECODED).read_text(encoding="utf-8")) if (path / DECODED).exists() else {}
        return Evidence(
            scenario=index["scenario"],
            seed=index["seed"],
            events=_read_events(path / EVENTS, at_least=index.get("events", 1)),
            histories=tuple(_load_history(path, one, decoded) for one in index["histories"]),
            redacted=_redacted_with(index.get("redacted")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is not a run folder that can be read: {error!r}.") from error


def _redacted_with(data: Mapping[str, Any] | None) -> RedactedWith | None:
    return None if data is None else RedactedWith(key=data["key"], tokens=tuple(data["tokens"]))


def _read_events(path: Path, *, at_least: int) -> tuple[Event, ...]:
    with path.open(encoding="utf-8") as lines:
        try:
            events = tuple(from_json(json.loads(line)) for line in lines)
        except UsageError as error:
            # Such as an event that only a newer version knows.
            raise UsageError(*(f"{path}: {problem}" for problem in error.problems)) from error
    # What was still going on when the run was judged may have added some.
    if len(events) < at_least:
        raise UsageError(f"{path} has lost events: it has {len(events)} of {at_least}. Run the scenario again.")
    return events


def _load_history(path: Path, one: Mapping[str, str], decoded: Mapping[str, Any]) -> History:
    file = path / _history_file(one["workflow_id"], one["run_id"])
    if not file.exists():
        # Earlier versions cut long names in another way.
        file = next(path.glob(f"histories/*/{glob.escape(path_part(one['run_id']))}.json"), file)
    data = decoded.get(one["run_id"]) or json.loads(file.read_text(encoding="utf-8"))
    return read_history(data, workflow_id=one["workflow_id"], run_id=one["run_id"])
