"""What a campaign has explored so far, a line for each run in a file, so that it can be resumed whatever ended it."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.evidence.history import Ending, Failure, Status
from harness.explore.calls import Call, CallMade
from harness.explore.model.explored_run import Breach, Effect, ExploredRun, Invariant, Moment
from harness.explore.model.schedule import Schedule, parse
from harness.explore.search.judge import Broken, Judged

FORMAT = 1
"""Version of the form. A journal of another one is refused: a campaign is short enough to be begun anew."""


class Journal:
    """The journal of one campaign.

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
        """Begin anew; what a former campaign kept there is gone. Returns 0, as many as are kept."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._about) + "\n", encoding="utf-8")
        return 0

    def resume(self) -> int:
        """Read what was kept, and return how many schedules that is.

        Raises:
            UsageError: Nothing was kept, or it is about something else by now.
        """
        if not self._path.is_file():
            raise UsageError(f"there is nothing to resume: {self._path} is not there. Explore without --resume first.")
        said = [one for line in self._path.read_text(encoding="utf-8").splitlines() if (one := _read(line))]
        was = said[0] if said else {}
        changed = [*_changes(was, self._about)]
        if changed:
            raise UsageError(f"what was explored is not true any more: {'; '.join(changed)}. Explore without --resume.")
        for one in said[1:]:
            if "without_fault" in one:
                self._shape = one["without_fault"]
            else:
                self._known[one["schedule"]] = one
        # A line that was cut short is left behind.
        lines = [self._about, *([] if self._shape is None else [{"without_fault": self._shape}]), *self._known.values()]
        self._path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
        return len(self._known)

    def without_fault(self, run: ExploredRun) -> None:
        """Take note of the way that the run without any fault takes.

        Raises:
            UsageError: It took another way when what was kept was explored.
        """
        shape = [*run.shape]
        if self._shape is None:
            self._write({"without_fault": shape})
        elif self._shape != shape:
            differs = "; ".join(sorted({*self._shape} ^ {*shape})[:6])
            raise UsageError(
                f"what was explored is not true any more: without any fault, the run takes another way ({differs}). "
                "Explore without --resume."
            )
        self._shape = shape

    def keep(self, judged: Judged, *, settled: bool) -> None:
        """Keep a judged run; the last one of a schedule counts.

        Args:
            judged: The run.
            settled: Whether it was performed once more already, to be sure of it.
        """
        self._write({"settled": settled, **_as_data(judged)})

    def knows(self, schedule: Schedule) -> bool:
        """Whether it was resumed with a run of that schedule."""
        return str(schedule) in self._known

    def recall(self, schedule: Schedule, invariants: Sequence[Invariant]) -> tuple[Judged, bool] | None:
        """Return what was kept of a schedule, and whether it was performed once more already; None for nothing."""
        found = self._known.get(str(schedule))
        if found is None:
            return None
        return _judged(found, {one.name: one for one in reversed(invariants)}), bool(found["settled"])

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
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    then, code = was.get("code", {}), now.get("code", {})
    # What is imported in one case and not in the other depends on what else the command was told, such as reports.
    files = sorted(one for one in then.keys() & code.keys() if then[one] != code[one])
    told = [f"{one} has changed" for one in files[:5]] + ([f"and {len(files) - 5} more files"] if files[5:] else [])
    others = [one for one in now if one != "code" and was.get(one) != now[one]]
    return [*told, *(f"{one} was {was.get(one)!r} and is {now[one]!r}" for one in others)]


def _as_data(judged: Judged) -> dict[str, Any]:
    run = judged.run
    return {
        "schedule": str(run.schedule),
        "token": run.token,
        "reached": [str(one) for one in run.reached],
        "outcome": asdict(run.outcome),
        "effects": [_of_effect(one) for one in run.effects],
        "calls": [asdict(one) for one in run.calls],
        "stuck": run.stuck,
        "open": run.open,
        "replay": run.replay,
        "raised": run.raised,
        "blocked": sorted(run.blocked),
        "hung": run.hung,
        "undoes": sorted(run.undoes),
        "timeline": [(one.at.isoformat(), one.lane, one.what) for one in run.timeline],
        "broken": [(one.invariant.name, one.breach.what, one.breach.subject) for one in judged.broken],
        "advice": [(one.invariant.name, one.breach.what, one.breach.subject) for one in judged.advice],
        "unclear": judged.unclear,
        "missed": judged.missed,
        "apart": judged.apart,
    }


def _of_effect(effect: Effect) -> dict[str, Any]:
    return {
        **vars(effect),
        "call": asdict(effect.call),
        "arguments": [_plain(one) for one in effect.arguments],
        "result": _plain(effect.result),
        "at": effect.at.isoformat(),
    }


def _plain(value: Any) -> Any:
    """An argument or a result of the application's, as far as JSON knows its like."""
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return repr(value)
    return value


def _judged(data: Mapping[str, Any], invariants: Mapping[str, Invariant]) -> Judged:
    schedule = parse(data["schedule"])
    run = ExploredRun(
        token=data["token"],
        schedule=schedule,
        reached=frozenset(one for one in schedule.faults if str(one) in data["reached"]),
        outcome=_outcome(data["outcome"]),
        effects=tuple(_effect(one) for one in data["effects"]),
        calls=tuple(CallMade(**{**one, "call": Call(**one["call"])}) for one in data["calls"]),
        stuck=None if data["stuck"] is None else (data["stuck"][0], data["stuck"][1]),
        open=data["open"],
        replay=data["replay"],
        raised=data["raised"],
        blocked=frozenset(data["blocked"]),
        undoes=frozenset((activity, asked) for activity, asked in data["undoes"]),
        hung=None if data["hung"] is None else (data["hung"][0], data["hung"][1]),
        timeline=tuple(Moment(datetime.fromisoformat(at), lane, what) for at, lane, what in data["timeline"]),
    )
    return Judged(
        run=run,
        broken=_broken(data["broken"], invariants),
        advice=_broken(data["advice"], invariants),
        unclear=tuple(data["unclear"]),
        missed=data["missed"],
        apart=data["apart"],
    )


def _broken(told: Sequence[Sequence[str]], invariants: Mapping[str, Invariant]) -> tuple[Broken, ...]:
    return tuple(
        Broken(invariant=invariants[name], breach=Breach(what=what, subject=subject))
        for name, what, subject in told
        if name in invariants
    )


def _outcome(data: Mapping[str, Any]) -> Ending:
    return Ending(**{**data, "status": Status(data["status"]), "failure": _failure(data["failure"])})


def _failure(data: Mapping[str, Any] | None) -> Failure | None:
    if data is None:
        return None
    return Failure(**{**data, "details": tuple(data["details"]), "cause": _failure(data["cause"])})


def _effect(data: Mapping[str, Any]) -> Effect:
    known = {"call": Call(**data["call"]), "arguments": tuple(data["arguments"])}
    return Effect(**{**data, **known, "at": datetime.fromisoformat(data["at"])})
