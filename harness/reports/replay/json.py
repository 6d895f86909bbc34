"""A replay session as JSON, for programs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.files.atomic_file import write_whole
from harness.files.printable import json_text
from harness.replay.verdicts.judgement import to_json
from harness.replay.verdicts.summary import Summary

FORMAT = 1
"""Version of the form. Fields may be added within a version, and are not taken away or changed."""


def write(summary: Summary, path: Path) -> None:
    """Write the file."""
    write_whole(path, json_text(as_data(summary)) + "\n")


def as_data(summary: Summary) -> dict[str, Any]:
    """Return the session as JSON data."""
    return {
        "format": FORMAT,
        "verdict": summary.verdict.name,
        "strict": summary.policy.strict,
        "open_only": summary.policy.open_only,
        "sandboxed": summary.sandboxed,
        "against": summary.against,
        "seconds": summary.took.total_seconds(),
        "events": summary.events,
        "coverage": None if summary.reached is None else asdict(summary.reached),
        "histories": [to_json(one) | {"verdict": summary.policy.verdict(one).name} for one in summary.judgements],
    }
