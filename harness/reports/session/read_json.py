"""Sessions as their folders keep them: read again, and put together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from harness.errors import UsageError, other_format
from harness.evidence.run_folder import load
from harness.files.places import Place
from harness.reports.session.json import FORMAT
from harness.results import Kind, Reason, Result, SessionEnded, SessionStarted
from harness.verdict import Finding, Harm, Verdict

REPORT = "report.json"


def load_session(folder: Path) -> SessionEnded:
    """Read a session from its folder, which may have been moved since, with the evidence of its runs.

    Raises:
        UsageError: It is no session's folder, was written by another version, or lacks one of its runs; all of it at
            once.
    """
    try:
        data = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        if data.get("format") != FORMAT:
            found, again = data.get("format"), "Run the session again."
            raise other_format(folder / REPORT, found=found, reads=FORMAT, again=again)
        problems: list[str] = []
        results = []
        for run in data["runs"]:
            try:
                results.append(_result(run, folder=folder, told_as=Path(data["folder"])))
            except UsageError as error:
                problems += error.problems
        if problems:
            raise UsageError(*problems)
        return SessionEnded(
            started=SessionStarted(
                at=datetime.fromisoformat(data["started_at"]),
                names=tuple(run["name"] for run in data["runs"]),
                seed=data["seed"],
                folder=folder,
                temporal=data["temporal"],
                toxiproxy=data["toxiproxy"],
                command=data["command"],
            ),
            results=tuple(results),
            not_run=tuple(data["not_run"]),
            skipped=data["skipped"],
            over_budget=tuple(data.get("over_budget", ())),
            interrupted=data["interrupted"],
            took=timedelta(seconds=data["seconds"]),
        )
    except FileNotFoundError as error:
        raise UsageError(
            f"{folder} is no session's folder: it has no {REPORT}. A session that was killed has none; "
            "`harness judge` reads its runs one by one."
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{folder / REPORT} cannot be read: {error!r}.") from error


def _result(run: dict[str, Any], *, folder: Path, told_as: Path) -> Result:
    there = Path(run["folder"])
    here = folder / there.relative_to(told_as) if there.is_relative_to(told_as) else there
    return Result(
        name=run["name"],
        verdict=Verdict[run["verdict"]],
        findings=tuple(_finding(one) for one in run["findings"]),
        evidence=load(here),
        folder=here,
        took=timedelta(seconds=run["seconds"]),
        repeat=run["repeat"],
    )


def _finding(one: dict[str, Any]) -> Finding:
    return Finding(
        oracle=one["oracle"],
        verdict=Verdict[one.get("verdict", "INCONCLUSIVE")],
        harm=Harm[one["harm"]],
        title=one["title"],
        detail=one["detail"],
        refs=tuple(one["refs"]),
        subject=one.get("subject", ""),
    )


def load_sessions(folders: Sequence[Path]) -> SessionEnded:
    """Read several sessions as one, such as the shards of a gate.

    What one of them did not run and another did has been run.

    Raises:
        UsageError: One of them cannot be read; every problem at once.
    """
    sessions: list[SessionEnded] = []
    problems: list[str] = []
    for folder in dict.fromkeys(folders):
        try:
            sessions.append(load_session(folder))
        except UsageError as error:
            problems += error.problems
    if problems:
        raise UsageError(*problems)
    return merged(sessions)


def reasons_beside_the_runs(folders: Sequence[Path]) -> list[Reason]:
    """Return the reasons of the sessions' gates that are not about their runs: corpora and explorations.

    That includes corpora and explorations that were not begun or not finished because the gate was interrupted.

    The folders are those that `load_sessions` has read.
    """
    reasons: dict[Reason, None] = {}
    for folder in folders:
        data = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        try:
            told = [_reason(one) for one in data.get("gate", {}).get("reasons", ())]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"the gate's reasons in {folder / REPORT} cannot be read: {error!r}.") from error
        for reason in told:
            # An interrupted session, a reason without a name, is in the session's own record.
            if reason.kind in {Kind.CORPUS, Kind.EXPLORED} or (reason.kind is Kind.INTERRUPTED and reason.name):
                reasons[reason] = None
    return list(reasons)


def _reason(one: dict[str, Any]) -> Reason:
    return Reason(
        kind=Kind(one["kind"]),
        name=one["name"],
        finding=one["finding"],
        what=one["what"],
        verdict=Verdict[one.get("verdict", Verdict.INCONCLUSIVE.name)],
        found=_finding(one["found"]) if one.get("found") else None,
        place=Place(**one["place"]) if one.get("place") else None,
    )


def merged(sessions: Sequence[SessionEnded]) -> SessionEnded:
    """Return several sessions as one, from the first beginning to the last end."""
    ordered = sorted(sessions, key=lambda one: one.started.at)
    first, ran = ordered[0], {result.name for one in ordered for result in one.results}
    return SessionEnded(
        started=replace(first.started, names=tuple(name for one in ordered for name in one.started.names)),
        results=tuple(sorted((result for one in ordered for result in one.results), key=lambda result: result.name)),
        not_run=tuple(name for one in ordered for name in one.not_run if name not in ran),
        skipped={name: why for one in ordered for name, why in one.skipped.items() if name not in ran},
        over_budget=tuple(name for one in ordered for name in one.over_budget if name not in ran),
        interrupted=any(one.interrupted for one in ordered),
        took=max(one.started.at + one.took for one in ordered) - first.started.at,
    )
