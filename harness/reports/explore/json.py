"""An exploration as JSON, for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.explore.search.exploration import Exploration, SmallestFailure
from harness.files.atomic_file import write_whole
from harness.files.printable import json_text
from harness.reports.explore.matrix import matrix
from harness.reports.explore.story import story, timeline

FORMAT = 2
"""Version of the form. Fields may be added within a version, and are not taken away or changed."""


def write_json(exploration: Exploration, path: Path) -> None:
    """Write the report to a file."""
    write_whole(path, json_text(as_data(exploration)) + "\n")


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
                "broken": [f"{one.oracle}: {one.title}" for one in judged.broken if not one.excluded],
                "excluded": [f"{one.oracle}: {one.title}" for one in judged.broken if one.excluded],
                "unclear": list(judged.unclear),
            }
            for judged in exploration.judged
        ],
        "findings": [_finding(exploration, one) for one in exploration.findings],
        "advice": [_finding(exploration, one) for one in exploration.advice],
        "left_out": [str(one) for one in exploration.left_out],
        "notes": list(exploration.notes),
        "not_tried": list(exploration.not_tried),
        "remark": exploration.remark,
        "unclear": list(exploration.unclear),
        "left_to_chance": sorted(map(str, exploration.sometimes)),
    }


def _finding(exploration: Exploration, one: SmallestFailure) -> dict[str, Any]:
    place = next(iter(exploration.places(one)), None)
    return {
        "id": one.id,
        "invariant": one.finding.oracle,
        "verdict": one.verdict.name,
        "harm": one.finding.harm.name,
        "title": one.title,
        "place": None if place is None else {"path": place.path, "line": place.line},
        "schedule": str(one.schedule),
        "calls": list(one.calls),
        "same_as": None if one.same_as is None else str(one.same_as),
        "needs_cancellation": one.cancels,
        "others": [str(other) for other in one.others],
        "repeats": one.repeats,
        "confirmed": one.confirmed,
        "excluded": one.excluded,
        "waived": one.waived,
        "story": list(story(one)),
        "timeline": list(timeline(one)),
    }
