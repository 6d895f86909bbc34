"""How fast the suite is, in ratios from one run: `python -m tests.benchmarks.suite`.

Against the sum of its scenarios' own durations, at several degrees of concurrency; and against a plain pytest file
that starts a server and a worker for every test.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks import plain_saga

DEGREES = (1, 2, 4, 8, 16, 32)


def gate(*, jobs: int, folder: Path) -> tuple[float, dict[str, Any]]:
    """Run the gate; return its wall time in seconds with start and end, and its JSON report."""
    report = folder / f"{jobs}.json"
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "harness", "gate", "-j", str(jobs), "--runs", str(folder), "--json", str(report)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun, json.loads(report.read_text(encoding="utf-8"))


def plain() -> float:
    """Run the plain pytest file; return its wall time in seconds."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", plain_saga.__file__],
        check=False,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        measured = {jobs: gate(jobs=jobs, folder=Path(folder)) for jobs in DEGREES}
    runs = len(measured[1][1]["runs"])
    alone = sum(run["seconds"] for run in measured[1][1]["runs"])
    print(f"{runs} scenarios, {alone:.1f} s of their own one after the other")
    print("  -j   wall s   runs/s   of the sum")
    for jobs, (seconds, _) in measured.items():
        print(f"{jobs:4} {seconds:8.2f} {runs / seconds:8.2f} {seconds / alone:12.0%}")
    each = plain() / plain_saga.TESTS
    best = min(seconds for seconds, _ in measured.values())
    print(f"plain pytest file: {1 / each:.2f} tests/s; the suite at its best {runs / best * each:.1f} times that")


if __name__ == "__main__":
    main()
