"""What a campaign has explored so far, a line for each run in a file, so that it can be resumed."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from harness.errors import UsageError
from harness.evidence.event_json import from_json, to_json
from harness.evidence.evidence import Evidence
from harness.evidence.history import History
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.schedule import Schedule
from harness.explore.search.judge import Judged
from harness.files.wording import cut
from harness.redaction.active import active
from harness.verdict import Finding

FORMAT = 2
"""Version of the form. A log of another one is refused: a campaign is short enough to be run from its start."""

LONGEST = 10_000
"""How many characters of a value are kept: what is resumed has been judged, and reports show less."""

LOOKED_AT = 40_000
"""How many are looked through for secrets: more than `LONGEST` and the longest secret, a private key."""

_HISTORY = TypeAdapter(History)
_FINDING = TypeAdapter(Finding)


class ResumeLog:
    """What one campaign keeps of its runs.

    Args:
        path: The file.
        about: What must be the same for its runs to still be true: the target, how it is explored, its code.
    """

    def __init__(self, path: Path, *, about: Mapping[str, Any]) -> None:
        self._path = path
        self._about = {"format": FORMAT, **about}
        self._known: dict[str, dict[str, Any]] = {}
        self._shape: list[str] | None = None

    def begin(self) -> int:
        """Start an empty log; what a former campaign kept is removed. Returns 0, the number of kept schedules."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._about) + "\n", encoding="utf-8")
        return 0

    def resume(self) -> int:
        """Read what was kept, and return how many schedules that is.

        Raises:
            UsageError: Nothing was kept, or it is about something else by now.
        """
        if not self._path.is_file():
            raise UsageError(
                f"there is nothing to resume: {self._path} does not exist. Explore without --resume first."
            )
        read = [one for line in self._path.read_text(encoding="utf-8").splitlines() if (one := _read(line))]
        was = read[0] if read else {}
        changed = [*_changes(was, self._about)]
        if changed:
            raise UsageError(f"what was explored is out of date: {'; '.join(changed)}. Explore without --resume.")
        for one in read[1:]:
            if "without_fault" in one:
                self._shape = one["without_fault"]
            else:
                self._known[one["schedule"]] = one
        # A line that was cut short is left behind.
        lines = [self._about, *([] if self._shape is None else [{"without_fault": self._shape}]), *self._known.values()]
        self._path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
        return len(self._known)

    def without_fault(self, run: ExploredRun) -> None:
        """Record the shape of the run without any fault.

        Raises:
            UsageError: It had another shape when what is kept was explored.
        """
        shape = [*run.shape]
        if self._shape is None:
            self._write({"without_fault": shape})
        elif self._shape != shape:
            differs = "; ".join(sorted({*self._shape} ^ {*shape})[:6])
            raise UsageError(
                f"what was explored is out of date: without any fault, the run now differs ({differs}). "
                "Explore without --resume."
            )
        self._shape = shape

    def keep(self, judged: Judged, *, settled: bool) -> None:
        """Keep a judged run; the last one of a schedule counts.

        Args:
            judged: The run.
            settled: Whether it was run once more already, to be sure of it.
        """
        # Cut before, since to look through megabytes takes seconds, and again after: no secret is cut in two.
        data = _shortened({"settled": settled, **_as_data(judged)}, LOOKED_AT)
        self._write(_shortened(active().value(data), LONGEST))

    def knows(self, schedule: Schedule) -> bool:
        """Whether it was resumed with a run of that schedule."""
        return str(schedule) in self._known

    def recall(self, schedule: Schedule) -> tuple[Judged, bool] | None:
        """Return what was kept of a schedule, and whether it was run once more already; None for nothing."""
        found = self._known.get(str(schedule))
        if found is None:
            return None
        return _judged(found), bool(found["settled"])

    def _write(self, data: Mapping[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(data, default=repr) + "\n")


def code_of(root: Path) -> dict[str, str]:
    """Return a digest of each file of a project that is imported: what explored runs were runs of."""
    files = {Path(found) for one in [*sys.modules.values()] if (found := getattr(one, "__file__", None))}
    own = [one for one in files if one.is_relative_to(root) and "site-packages" not in one.parts and one.is_file()]
    digests = {str(one.relative_to(root)): hashlib.sha256(one.read_bytes()).hexdigest() for one in own}
    return {"harness": version("temporal-resilience-harness"), **dict(sorted(digests.items()))}


def _read(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    then, code = was.get("code", {}), now.get("code", {})
    # What is imported in one case and not in the other depends on other options of the command, such as reports.
    files = sorted(one for one in then.keys() & code.keys() if then[one] != code[one])
    changes = [f"{one} has changed" for one in files[:5]] + ([f"and {len(files) - 5} more files"] if files[5:] else [])
    others = [one for one in now if one != "code" and was.get(one) != now[one]]
    return [*changes, *(f"{one} was {was.get(one)!r} and is {now[one]!r}" for one in others)]


def _as_data(judged: Judged) -> dict[str, Any]:
    evidence = judged.run.evidence
    return {
        "schedule": str(judged.schedule),
        "events": [to_json(one) for one in evidence.events],
        "endings": [_HISTORY.dump_python(one.cut(), mode="json") for one in evidence.histories],
        "findings": [to_jsonable_python(one) for one in judged.findings],
        "excused": judged.excused,
        "known": judged.known,
    }


def _shortened(value: Any, longest: int) -> Any:
    """Return JSON data with long texts cut: an attempt that is retried without end may return megabytes."""
    if isinstance(value, str):
        return cut(value, longest)
    if isinstance(value, list | tuple):
        return [_shortened(one, longest) for one in value]
    return {key: _shortened(one, longest) for key, one in value.items()} if isinstance(value, dict) else value


def _judged(data: Mapping[str, Any]) -> Judged:
    evidence = Evidence(
        scenario="",
        seed=0,
        events=tuple(from_json(one) for one in data["events"]),
        histories=tuple(_HISTORY.validate_python(one) for one in data["endings"]),
    )
    return Judged(
        run=evidence.read_as(ExploredRun),
        findings=tuple(_FINDING.validate_python(one) for one in data["findings"]),
        excused=data["excused"],
        known=data.get("known", False),
    )
