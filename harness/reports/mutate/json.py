"""Mutation testing as JSON, for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.files.atomic_file import write_whole
from harness.files.printable import json_text
from harness.mutate.fate import Mutation, Tried

FORMAT = 1
"""Version of the form. Fields may be added within a version, and are not taken away or changed."""


def write_json(mutation: Mutation, path: Path) -> None:
    """Write the report to a file."""
    write_whole(path, json_text(as_data(mutation)) + "\n")


def as_data(mutation: Mutation) -> dict[str, Any]:
    """Return mutation testing as JSON data."""
    return {
        "format": FORMAT,
        "verdict": mutation.verdict.name,
        "interrupted": mutation.interrupted,
        "seconds": mutation.took.total_seconds(),
        "seconds_trying": mutation.trying.total_seconds(),
        "score": mutation.score,
        "share": mutation.share,
        "counts": {str(fate): count for fate, count in mutation.counts.items()},
        "scenarios": mutation.scenarios,
        "not_passing": list(mutation.not_passing),
        "notes": list(mutation.notes),
        "mutants": [_mutant(one) for one in mutation.tried],
    }


def _mutant(tried: Tried) -> dict[str, Any]:
    mutant = tried.mutant
    return {
        "file": mutant.file.as_posix(),
        "name": mutant.name,
        "operator": mutant.operator,
        "lines": list(mutant.lines),
        "fate": str(tried.fate),
        "scenario": tried.scenario,
        "oracle": tried.oracle,
        "title": tried.title,
        "ran": list(tried.ran),
        "seconds": tried.seconds,
        "waived": tried.waived,
        "stands_for": mutant.stands_for,
        "noticed_by": mutant.noticed_by,
        "diff": mutant.diff,
    }
