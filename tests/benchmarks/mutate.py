"""Seconds a mutant, beside the naive way: `python tests/benchmarks/mutate.py FILE PATTERN [MUTANTS]`.

FILE is mutated, such as scenarios/stock/workflow.py, and PATTERN are the scenarios of it, such as 'stock/*'. The naive
way copies the project for each mutant, and runs the scenarios there in a new process, all of them. Both ways get the
same mutants, spread evenly over the file, one after the other in the naive way, which uses all cores by itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness.mutate.copies import Copy
from harness.mutate.mutants import mutants_of, operators


def harness(*arguments: str | Path, cwd: Path) -> None:
    """Run the command line to its end, whatever its verdict."""
    subprocess.run([sys.executable, "-m", "harness", *map(str, arguments)], cwd=cwd, capture_output=True, check=False)


def main(file: str, pattern: str, count: str = "8") -> None:
    root = Path.cwd()
    mutants = mutants_of(Path(file), Path(file).read_text(encoding="utf-8"), operators())
    chosen = mutants[:: max(1, len(mutants) // int(count))][: int(count)]
    with tempfile.TemporaryDirectory() as place:
        only = [word for one in chosen for word in ("--only", one.id)]
        report = Path(place) / "report.json"
        harness("mutate", file, *only, "--runs", Path(place) / "runs", "--json", report, cwd=root)
        told = json.loads(report.read_text(encoding="utf-8"))
        began = time.monotonic()
        for number, one in enumerate(chosen):
            copy = Copy(root, Path(place) / str(number))
            with copy.changed(one.file, one.text):
                harness("run", pattern, "--runs", Path(place) / "runs", cwd=copy.folder)
        naive = (time.monotonic() - began) / len(chosen)
    trying, whole = (told[key] / len(told["mutants"]) for key in ("seconds_trying", "seconds"))
    print(f"{len(told['mutants'])} mutants of {file}: {told['counts']}")
    print(f"harness mutate: {trying:.2f} s a mutant, {whole:.2f} s with the runs without a mutant")
    print(f"the naive way: {naive:.2f} s a mutant, {naive / trying:.1f} times as long")


if __name__ == "__main__":
    main(*sys.argv[1:])
