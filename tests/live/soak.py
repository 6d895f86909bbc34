"""Runs one scenario in many processes, one after the other: every verdict and every exit code must be the same.

    python -m tests.live.soak saga/flight_reply_lost --processes 100

A flake is a bug of the harness: the run folders of red runs are kept, and their `story.md` tells what happened.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import click

from tests.live.leftovers import alive, marked


def main() -> int:
    """Run, count, and return 0 when every process was green and left nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="NAME", help="A scenario's name.")
    parser.add_argument("--processes", type=int, default=100, help="How many, one after the other.")
    arguments = parser.parse_args()
    kept = Path(tempfile.mkdtemp(prefix="soak-"))
    outcomes: Counter[str] = Counter()
    seconds: list[float] = []
    for number in range(1, arguments.processes + 1):
        begun = time.monotonic()
        outcome = _one(arguments.name, kept / f"{number:04}")
        seconds.append(time.monotonic() - begun)
        outcomes[outcome] += 1
        click.echo(f"{number:4} {outcome} {seconds[-1]:.2f} s")
    seconds.sort()
    click.echo(
        f"\n{sum(seconds):.1f} s in all; one took {seconds[len(seconds) // 2]:.2f} s, at most {seconds[-1]:.2f} s"
    )
    for outcome, count in outcomes.most_common():
        click.echo(f"{count:4} x {outcome}")
    green = set(outcomes) == {"exit 0, PASSED"}
    if green:
        shutil.rmtree(kept)
    else:
        click.echo(f"the red runs are kept in {kept}")
    return 0 if green else 1


def _one(name: str, folder: Path) -> str:
    """Run the scenario in a process of its own, and say how it went."""
    mark = secrets.token_hex(8)
    folder.mkdir(parents=True)
    with (folder / "output.txt").open("wb") as output:
        ended = subprocess.run(
            [sys.executable, "-m", "harness", "run", name, "--runs", str(folder)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=marked(mark),
            check=False,
        )
    reports = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*/report.json")]
    verdict = ", ".join(report["verdict"] for report in reports) or "no report"
    left = "".join(f", left {process.name()}" for process in alive(mark))
    outcome = f"exit {ended.returncode}, {verdict}{left}"
    if outcome == "exit 0, PASSED":
        shutil.rmtree(folder)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
