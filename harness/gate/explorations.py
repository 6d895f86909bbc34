"""Runs the explorations of a gate, each in a process of its own, since an application may block or end it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from harness.errors import EnvironmentUnavailable
from harness.exit_codes import USAGE
from harness.files.path_part import path_part
from harness.files.places import Place
from harness.files.printable import say
from harness.processes.guard import LOST, ProcessGuard
from harness.processes.interrupts import Signals
from harness.results import Kind, Reason
from harness.settings import Explored, Policy
from harness.verdict import Finding, Harm, Verdict

ENDED_EARLY = "its exploration was interrupted before it could write a report."

NOT_EXPLORED = "the gate was interrupted before this target was explored."


def explore_targets(
    targets: Sequence[Explored], *, root: Path, folder: Path, policy: Policy, signals: Signals, update: bool = False
) -> list[Reason]:
    """Explore the targets, one after the other, and return the reasons for and against a merge.

    Args:
        targets: The targets.
        root: The root of the project.
        folder: The folder for reports and logs.
        policy: The gate's policy, which says whether INCONCLUSIVE blocks a merge.
        signals: Interrupts the explorations.
        update: Whether to write all findings to the baselines.
    """
    reasons: list[Reason] = []
    for number, target in enumerate(targets, start=1):
        if signals.came:
            reasons.append(Reason(kind=Kind.INTERRUPTED, name=target.name, what=NOT_EXPLORED))
            continue
        say(f"\nExploring {target.name}")
        # Numbered, since one target may be explored with several inputs.
        report = folder / f"{number}-{path_part(target.target)}.json"
        report.parent.mkdir(parents=True, exist_ok=True)
        try:
            code = _explore(_words(target, report=report, runs=folder, root=root, update=update), root, signals)
        except EnvironmentUnavailable as error:
            # A reason and not an error, as for a mistake: what is known already is still to be reported.
            reasons.append(Reason(kind=Kind.INTERRUPTED, name=target.name, what=str(error)))
            continue
        if code == USAGE:
            # A reason and not an error: the results of the scenarios are still to be reported.
            wrong = "[[tool.harness.explorations]] has an error for this target; see above."
            reasons.append(Reason(kind=Kind.EXPLORED, name=target.name, what=wrong))
        elif report.exists():
            data: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
            found = reasons_of(data, complete=target.complete, amber=policy.inconclusive == "amber")
            reasons += [replace(one, name=target.name) for one in found]
        elif signals.came:
            reasons.append(Reason(kind=Kind.INTERRUPTED, name=target.name, what=ENDED_EARLY))
        else:
            ended = f"its exploration exited with {code} without a report; see above and {folder}."
            reasons.append(Reason(kind=Kind.EXPLORED, name=target.name, what=ended))
    return reasons


def _words(target: Explored, *, report: Path, runs: Path, root: Path, update: bool) -> list[str]:
    given = [word for one in target.inputs for word in ("--input", one)]
    budget = ["--budget", f"{target.budget.total_seconds():f}s"] if target.budget else []
    calls = ["--calls", str(target.calls)] if target.calls else []
    accept = ["--update-baseline"] if update and target.baseline else []
    waived = bool(target.baseline) and (update or (root / target.baseline).exists())
    baseline = ["--baseline", str(root / target.baseline)] if waived else []
    kept = ["--json", str(report.absolute()), "--runs", str(runs.absolute())]
    return [
        "explore",
        target.target,
        *given,
        "--faults",
        str(target.faults),
        *budget,
        *calls,
        *baseline,
        *accept,
        *kept,
    ]


def _explore(words: Sequence[str], root: Path, signals: Signals) -> int | None:
    """Run `harness` with these arguments; return its exit code, None when a signal came before it started."""
    sys.stdout.flush()
    try:
        return signals.run(_to_the_end(words, root))
    except asyncio.CancelledError:
        return None


async def _to_the_end(words: Sequence[str], root: Path) -> int:
    """Run it; on cancellation, and when its guard is killed, send SIGTERM and wait for it to clean up.

    Raises:
        EnvironmentUnavailable: The guard was killed.
    """
    async with ProcessGuard() as guard:
        process = await guard.spawn(
            [sys.executable, "-m", "harness", *words], stdout=sys.stdout.buffer, stderr=sys.stderr.buffer, cwd=root
        )

        def ask() -> None:
            with suppress(ProcessLookupError):
                # Before it handles SIGTERM, the signal ends it without a traceback.
                process.terminate()

        with guard.required(ask):
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                ask()
                code = await process.wait()
        if guard.lost:
            raise EnvironmentUnavailable(LOST)
        return code


def reasons_of(report: Mapping[str, Any], *, complete: bool, amber: bool) -> Iterator[Reason]:
    """Say what an exploration found, what is waived of it, and what it left unexplored.

    Args:
        report: The report as JSON data.
        complete: Whether every schedule has to be explored; otherwise what its budget left is noted.
        amber: Whether what is INCONCLUSIVE is noted only.
    """
    name = report["target"]
    for one in report["findings"]:
        if one.get("same_as") is not None:
            # The same mistake at another call.
            continue
        told = f"{one['title']} (--only '{one['schedule']}')"
        about = partial(
            Reason,
            name=name,
            finding=one["id"],
            found=Finding(
                oracle=one["invariant"],
                verdict=Verdict[one["verdict"]],
                title=one["title"],
                harm=Harm[one["harm"]],
                subject=one["id"].partition("|")[2],
            ),
            place=None if one["place"] is None else Place(**one["place"]),
        )
        if one["waived"]:
            yield about(kind=Kind.WAIVED, what=f"{one['title']} {one['waived']}")
        elif one["verdict"] == Verdict.FAILED.name:
            yield about(kind=Kind.EXPLORED, what=told, verdict=Verdict.FAILED)
        elif one["verdict"] == Verdict.INCONCLUSIVE.name:
            yield about(kind=Kind.INCONCLUSIVE if amber else Kind.EXPLORED, what=f"{told} It did not come again.")
    if report["interrupted"]:
        yield Reason(kind=Kind.INTERRUPTED, name=name, what="its exploration was interrupted.")
    elif report["verdict"] == Verdict.INCONCLUSIVE.name and not _told(report):
        why = " ".join(report["unclear"]) or _why(report)
        yield Reason(kind=Kind.INCONCLUSIVE if amber else Kind.EXPLORED, name=name, what=why)
    for share in report["explored"]:
        if share["explored"] < share["of"]:
            what = {1: "singles", 2: "pairs"}.get(share["faults"], f"schedules of {share['faults']} faults")
            left = f"{share['explored']} of {share['of']} {what} were explored."
            yield Reason(kind=Kind.EXPLORED if complete else Kind.SKIPPED, name=name, what=left)


def _why(report: Mapping[str, Any]) -> str:
    """Why an exploration proves less than it should that says nothing of it for all its schedules."""
    if not sum(share["explored"] for share in report["explored"]):
        return "nothing was explored within its budget."
    unclear = [f"{one['name']}: {text}" for one in report.get("schedules", ()) for text in one["unclear"]]
    more = f" (and {len(unclear) - 1} more)" if len(unclear) > 1 else ""
    return f"{unclear[0]}{more}" if unclear else "some faults were not injected as planned, which proves nothing."


def _told(report: Mapping[str, Any]) -> bool:
    """Whether a finding tells already why nothing is proven."""
    return any(one["verdict"] == Verdict.INCONCLUSIVE.name for one in report["findings"])
