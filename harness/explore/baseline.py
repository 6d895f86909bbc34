"""Findings that are known and accepted for now: a file in the repository, each with its reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness.errors import UsageError
from harness.explore.exploration import Exploration

FORMAT = 1
"""Version of the form."""


def read_baseline(path: Path) -> dict[str, str]:
    """Return the accepted findings, each with its reason.

    Raises:
        UsageError: The file is not there, or is no baseline; every problem at once.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"the baseline {path} cannot be read: {error}.") from error
    accepted = data.get("accepted") if isinstance(data, dict) and data.get("format") == FORMAT else None
    if not isinstance(accepted, dict):
        raise UsageError(
            f'the baseline {path} is none: it needs "format": {FORMAT} and "accepted", a reason by finding.'
        )
    problems = [
        f"the baseline {path} gives no reason for {name!r}."
        for name, reason in accepted.items()
        if not isinstance(reason, str) or not reason.strip()
    ]
    if problems:
        raise UsageError(*problems)
    return accepted


def accept(exploration: Exploration, accepted: Mapping[str, str]) -> Exploration:
    """Return the exploration with its accepted findings marked, and with what no longer comes up told of."""
    findings = tuple(replace(one, accepted=accepted.get(one.id, "")) for one in exploration.findings)
    gone = sorted(accepted.keys() - {one.id for one in findings})
    notes = [f"the baseline accepts {one!r}, which did not come up; it may be taken out." for one in gone]
    return replace(exploration, findings=findings, notes=(*exploration.notes, *notes))


def write_baseline(exploration: Exploration, path: Path, accepted: Mapping[str, str]) -> int:
    """Write a baseline of all that was found, and return how many reasons are still to be given.

    Reasons that are known stay; what is new has an empty one, with which the baseline is refused.
    """
    known = {one.id: accepted.get(one.id, "") for one in exploration.findings if not one.apart}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"format": FORMAT, "accepted": known}, indent=2) + "\n", encoding="utf-8")
    return sum(not reason for reason in known.values())
