"""What a gate explores: each target in a process of its own, which an application may block or bring down."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from harness.explore.against import reasons_of
from harness.gate import USAGE
from harness.leash import Leash
from harness.result import Kind, Reason
from harness.settings import Explored, Policy

ENDED_EARLY = "its exploration was ended from outside before it had anything to tell."


def explore_targets(
    targets: Sequence[Explored], *, root: Path, folder: Path, policy: Policy, update: bool = False
) -> list[Reason]:
    """Explore each of these, one after the other, and return what a gate has to say of them.

    Args:
        targets: Which.
        root: The project's.
        folder: Where the reports and logs are kept.
        policy: The gate's, which says what is INCONCLUSIVE means.
        update: Whether to bear everything that is found from now on.
    """
    said: list[Reason] = []
    for number, target in enumerate(targets, start=1):
        click.echo(f"\nExploring {target.target}")
        name = re.sub(r"[^\w.]+", "-", target.target).strip("-.")
        # Numbered: one target with two inputs must not be taken for the other.
        report = folder / f"{number}-{name}.json"
        report.parent.mkdir(parents=True, exist_ok=True)
        words = _words(target, report=report, runs=folder, root=root, update=update)
        code, signalled = asyncio.run(_explored(words, root=root))
        if code == USAGE:
            # Red, and not an error: what the scenarios came to is still to be told.
            wrong = "it cannot be explored as [[tool.harness.explorations]] has it; see above."
            said.append(Reason(kind=Kind.EXPLORED, name=target.target, what=wrong))
            continue
        if signalled and not report.exists():
            said.append(Reason(kind=Kind.INTERRUPTED, name=target.target, what=ENDED_EARLY))
            break
        if not report.exists():
            ended = f"its exploration ended with exit code {code} and no report; see above and {folder}."
            said.append(Reason(kind=Kind.EXPLORED, name=target.target, what=ended))
            continue
        data: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        said += reasons_of(data, complete=target.complete, amber=policy.inconclusive == "amber")
        if signalled:
            break
    return said


def _words(target: Explored, *, report: Path, runs: Path, root: Path, update: bool) -> list[str]:
    given = [word for one in target.inputs for word in ("--input", one)]
    budget = ["--budget", f"{target.budget.total_seconds():f}s"] if target.budget else []
    calls = ["--calls", str(target.calls)] if target.calls else []
    baseline = ["--baseline", str(root / target.baseline)] if target.baseline else []
    bears = ["--update-baseline"] if update and target.baseline else []
    kept = ["--json", str(report.absolute()), "--runs", str(runs.absolute())]
    return ["explore", target.target, *given, "--faults", str(target.faults), *budget, *calls, *baseline, *bears, *kept]


async def _explored(words: Sequence[str], *, root: Path) -> tuple[int, bool]:
    """Run it to its end; return its exit code, and whether a signal came, which ends it in good order, too."""
    sys.stdout.flush()
    async with Leash() as leash:
        process = await leash.spawn(
            [sys.executable, "-m", "harness", *words], stdout=sys.stdout.buffer, stderr=sys.stderr.buffer, cwd=root
        )
        signalled = asyncio.Event()

        def end() -> None:
            signalled.set()
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)

        for one in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(one, end)
        return await process.wait(), signalled.is_set()
