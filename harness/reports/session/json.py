"""The session as JSON, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.files.atomic_file import write_whole
from harness.files.printable import json_text
from harness.results import GateDecided, Reason, Result, SessionEnded, SessionEvent
from harness.verdict import Finding

FORMAT = 2
"""Version of the form. Fields may be added within a version, and are not taken away or changed."""


class JsonReport:
    """Writes the file when the session has ended, and again when a gate has decided over it.

    Args:
        path: Which file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def notify(self, event: SessionEvent) -> None:
        """Take one event of the session."""
        if isinstance(event, SessionEnded):
            self._write(as_data(event))
        elif isinstance(event, GateDecided):
            self._write(as_data(event.ended) | {"gate": _gate(event)})

    def _write(self, data: Mapping[str, Any]) -> None:
        write_whole(self._path, json_text(data) + "\n")


def as_data(event: SessionEnded) -> dict[str, Any]:
    """Return the session as JSON data."""
    started = event.started
    return {
        "format": FORMAT,
        "verdict": event.verdict.name,
        "interrupted": event.interrupted,
        "started_at": started.at.isoformat(),
        "seconds": event.took.total_seconds(),
        "command": started.command,
        "seed": started.seed,
        "temporal": started.temporal,
        "toxiproxy": started.toxiproxy,
        "folder": str(started.folder),
        "runs": [_run(result) for result in event.results],
        "not_run": list(event.not_run),
        "skipped": dict(event.skipped),
        "over_budget": list(event.over_budget),
    }


def _gate(event: GateDecided) -> dict[str, Any]:
    return {
        "green": event.green,
        "verdict": event.verdict.name,
        "reasons": [_reason(one) | {"verdict": one.verdict.name} | _about(one) for one in event.reasons],
        "notes": [_reason(one) for one in event.notes],
        "triage": {name: one.value for name, one in event.triage.items()},
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"kind": reason.kind.value, "name": reason.name, "finding": reason.finding, "what": reason.what}


def _about(reason: Reason) -> dict[str, Any]:
    """What is known of a finding that is in no run."""
    if reason.found is None:
        return {}
    place = None if reason.place is None else {"path": reason.place.path, "line": reason.place.line}
    return {"found": _finding(reason.found) | {"subject": reason.found.subject}, "place": place}


def _run(result: Result) -> dict[str, Any]:
    return {
        "name": result.name,
        "verdict": result.verdict.name,
        "seconds": result.took.total_seconds(),
        "seed": result.evidence.seed,
        "folder": str(result.folder),
        "repeat": result.repeat,
        "findings": [_finding(one) for one in result.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "oracle": finding.oracle,
        "verdict": finding.verdict.name,
        "harm": finding.harm.name,
        "title": finding.title,
        "detail": finding.detail,
        "refs": list(finding.refs),
    }
