"""An exploration as JSON, for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.explore.search.exploration import BrokenPromise, Exploration
from harness.explore.search.matrix import matrix
from harness.explore.search.story import story, timeline
from harness.files.atomic_file import write_whole

FORMAT = 1
"""Version of the form. Fields may be added within a version, and are not taken away or changed."""


def write_json(exploration: Exploration, path: Path) -> None:
    """Write the report to a file."""
    write_whole(path, json.dumps(as_data(exploration), indent=2) + "\n")


def as_data(exploration: Exploration) -> dict[str, Any]:
    """Return an exploration as JSON data."""
    kinds, rows = matrix(exploration)
    return {
        "format": FORMAT,
        "target": exploration.target,
        "verdict": exploration.verdict.name,
        "interrupted": exploration.interrupted,
        "began_at": exploration.began.isoformat(),
        "seconds": exploration.took.total_seconds(),
        "explored": [{"faults": one.faults, "explored": one.explored, "of": one.of} for one in exploration.shares],
        "tried_again": exploration.tried_again,
        "resumed": exploration.resumed,
        "matrix": {"kinds": kinds, "calls": {call: dict(zip(kinds, cells, strict=True)) for call, cells in rows}},
        "schedules": [
            {
                "name": str(judged.schedule),
                "verdict": judged.verdict.name,
                "ended": str(judged.run.outcome.status),
                "effects": [str(effect.call) for effect in judged.run.effects],
                "broken": [f"{one.invariant.name}: {one.breach.what}" for one in judged.broken],
                "apart": judged.apart,
                "unclear": list(judged.unclear),
            }
            for judged in exploration.judged
        ],
        "findings": [_finding(one) for one in exploration.findings],
        "advice": [_finding(one) for one in exploration.advice],
        "left_out": [str(one) for one in exploration.left_out],
        "notes": list(exploration.notes),
        "unclear": list(exploration.unclear),
    }


def _finding(finding: BrokenPromise) -> dict[str, Any]:
    return {
        "id": finding.id,
        "invariant": finding.broken.invariant.name,
        "verdict": finding.verdict.name,
        "title": finding.broken.breach.what,
        "schedule": str(finding.schedule),
        "others": [str(one) for one in finding.others],
        "repeats": finding.repeats,
        "apart": finding.apart,
        "accepted": finding.accepted,
        "story": list(story(finding)),
        "timeline": list(timeline(finding)),
    }
