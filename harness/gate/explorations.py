"""What a gate explores: each target in a process of its own, which an application may block or bring down."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from harness.exit_codes import USAGE
from harness.gate.explored_decision import reasons_of
from harness.processes.guard import ProcessGuard
from harness.processes.interrupts import Signals
from harness.results import Kind, Reason
from harness.settings import Explored, Policy

ENDED_EARLY = "its exploration was ended from outside before it had anything to tell."

NOT_EXPLORED = "the gate was ended from outside before it was explored."


def explore_targets(
    targets: Sequence[Explored], *, root: Path, folder: Path, policy: Policy, signals: Signals, update: bool = False
) -> list[Reason]:
    """Explore each of these, one after the other, and return what a gate has to say of them.

    Args:
        targets: Which.
        root: The project's.
        folder: Where the reports and logs are kept.
        policy: The gate's, which says what is INCONCLUSIVE means.
        signals: What may end it.
        update: Whether to bear everything that is found from now on.
    """
    said: list[Reason] = []
    for number, target in enumerate(targets, start=1):
        if signals.came:
            said.append(Reason(kind=Kind.INTERRUPTED, name=target.name, what=NOT_EXPLORED))
            continue
        click.echo(f"\nExploring {target.name}")
        name = re.sub(r"[^\w.]+", "-", target.target).strip("-.")
        # Numbered: one target with two inputs must not be taken for the other.
        report = folder / f"{number}-{name}.json"
        report.parent.mkdir(parents=True, exist_ok=True)
        code = _explore(_words(target, report=report, runs=folder, root=root, update=update), root, signals)
        if code == USAGE:
            # Red, and not an error: what the scenarios came to is still to be told.
            wrong = "it cannot be explored as [[tool.harness.explorations]] has it; see above."
            said.append(Reason(kind=Kind.EXPLORED, name=target.name, what=wrong))
        elif report.exists():
            data: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
            reasons = reasons_of(data, complete=target.complete, amber=policy.inconclusive == "amber")
            said += [replace(one, name=target.name) for one in reasons]
        elif signals.came:
            said.append(Reason(kind=Kind.INTERRUPTED, name=target.name, what=ENDED_EARLY))
        else:
            ended = f"its exploration ended with exit code {code} and no report; see above and {folder}."
            said.append(Reason(kind=Kind.EXPLORED, name=target.name, what=ended))
    return said


def _words(target: Explored, *, report: Path, runs: Path, root: Path, update: bool) -> list[str]:
    given = [word for one in target.inputs for word in ("--input", one)]
    budget = ["--budget", f"{target.budget.total_seconds():f}s"] if target.budget else []
    calls = ["--calls", str(target.calls)] if target.calls else []
    baseline = ["--baseline", str(root / target.baseline)] if target.baseline else []
    tolerates = ["--update-baseline"] if update and target.baseline else []
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
        *tolerates,
        *kept,
    ]


def _explore(words: Sequence[str], root: Path, signals: Signals) -> int | None:
    """Run `harness` with these words to its end; return its exit code, None when a signal came before it had begun."""
    sys.stdout.flush()
    try:
        return signals.run(_to_the_end(words, root))
    except asyncio.CancelledError:
        return None


async def _to_the_end(words: Sequence[str], root: Path) -> int:
    """Run it; when this is cancelled, it is asked to end, and does so in good order."""
    async with ProcessGuard() as guard:
        process = await guard.spawn(
            [sys.executable, "-m", "harness", *words], stdout=sys.stdout.buffer, stderr=sys.stderr.buffer, cwd=root
        )
        try:
            return await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                # SIGTERM, which ends it without a traceback while it does not listen yet.
                process.terminate()
            return await process.wait()
