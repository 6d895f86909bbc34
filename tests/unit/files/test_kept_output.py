"""What is printed is kept in a file, whoever prints it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_PRINTS = """
import os, subprocess, sys
from pathlib import Path
from harness.files.kept_output import kept_output, still_printed
report = still_printed()
print("before")
with kept_output(Path(sys.argv[1])):
    print("by Python")
    print("an error", file=sys.stderr)
    os.write(2, b"by a library\\n")
    subprocess.run([sys.executable, "-c", "print('by a child')"], check=True)
    print("the report", file=report)
print("after")
"""


def test_only_the_report_is_printed_meanwhile(tmp_path: Path) -> None:
    """And everything again behind it."""
    file = tmp_path / "runs" / "output.log"
    ended = subprocess.run([sys.executable, "-c", _PRINTS, str(file)], capture_output=True, text=True, check=True)

    assert ended.stdout.split("\n") == ["before", "the report", "after", ""]
    assert ended.stderr == ""
    kept = file.read_text(encoding="utf-8")
    assert all(one in kept for one in ("by Python", "an error", "by a library", "by a child"))
