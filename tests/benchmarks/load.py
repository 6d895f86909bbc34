"""What many runs at once cost: `python tests/benchmarks/load.py NAME [TIMES [AT_ONCE]]`.

Runs `harness run NAME --times TIMES --concurrency AT_ONCE` and tells, for each program that it started, how much of the
processor it took for each run, and its largest memory and number of open files. Elapsed time depends on what else the
machine does; processor time much less. The run folders are kept when a run was red.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
LOOK_EVERY = 0.5


@dataclass(kw_only=True)
class Cost:
    """What one program has taken, over all its processes of one name."""

    seconds: float = 0.0
    megabytes: float = 0.0
    files: int = 0


def family(root: int) -> Iterator[int]:
    """Yield a process and all that descend from it."""
    parents: defaultdict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.read_text().rpartition(")")[2].split()[1])].append(int(entry.parent.name))
        except OSError:
            continue
    waiting = [root]
    while waiting:
        yield (one := waiting.pop())
        waiting += parents[one]


def look(root: int, costs: dict[int, tuple[str, Cost]]) -> None:
    """Note what each process has taken so far."""
    for pid in family(root):
        folder = Path("/proc") / str(pid)
        try:
            name, _, rest = folder.joinpath("stat").read_text().partition("(")[2].rpartition(")")
            fields = rest.split()
            files = len(list(folder.joinpath("fd").iterdir()))
        except OSError:
            continue
        _, cost = costs.setdefault(pid, (name, Cost()))
        cost.seconds = (int(fields[11]) + int(fields[12])) / TICKS
        cost.megabytes = max(cost.megabytes, int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20)
        cost.files = max(cost.files, files)


def main() -> int:
    """Measure one load."""
    name, times, at_once = [*sys.argv[1:], *["500", "50"][len(sys.argv) - 2 :]]
    costs: dict[int, tuple[str, Cost]] = {}
    folder = tempfile.mkdtemp(prefix="load-")
    begun = time.monotonic()
    command = [sys.executable, "-m", "harness", "run", name, "--times", times, "--concurrency", at_once]
    with (
        Path(folder, "out").open("w+") as out,
        subprocess.Popen([*command, "--runs", f"{folder}/runs"], stdout=out, stderr=out) as process,
    ):
        while process.poll() is None:
            look(process.pid, costs)
            time.sleep(LOOK_EVERY)
        took = time.monotonic() - begun
        out.seek(0)
        print(*out.read().splitlines()[-2:], sep="\n")
    if not process.returncode:
        shutil.rmtree(folder)
    print(f"{name}: {times} runs, {at_once} at once, {int(times) / took:.1f} a second")
    for program, cost in costs.values():
        per_run = 1000 * cost.seconds / int(times)
        print(f"  {program:20} {per_run:6.0f} ms a run   {cost.megabytes:5.0f} MB   {cost.files:5} files")
    return process.returncode


if __name__ == "__main__":
    raise SystemExit(main())
