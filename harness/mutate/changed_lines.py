"""Asks git which lines of a project differ from a revision."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from harness.errors import UsageError

HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")


def changed_lines(root: Path, base: str) -> Mapping[Path, frozenset[int]]:
    """Return the lines that were added or changed since a revision, by their files relative to the root.

    Args:
        root: The project's root.
        base: The revision, such as "main"; a branch is compared from where it and this one parted.

    Raises:
        UsageError: git does not know the revision, or this is no git repository.
    """
    parted = _git(root, "merge-base", base, "HEAD", problem=f"--diff {base}").strip()
    text = _git(root, "diff", "--unified=0", "--no-color", "--no-ext-diff", "--relative", parted, problem="--diff")
    return lines_of(text)


def lines_of(diff: str) -> Mapping[Path, frozenset[int]]:
    """Return the new lines of a diff without context, by file."""
    found: defaultdict[Path, set[int]] = defaultdict(set)
    file = None
    for line in diff.splitlines():
        if line.startswith("+++ "):
            file = Path(line[6:]) if line.startswith("+++ b/") else None
        elif file is not None and (hunk := HUNK.match(line)):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            found[file] |= {*range(first, first + count)}
    return {path: frozenset(lines) for path, lines in found.items()}


def _git(root: Path, *arguments: str, problem: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise UsageError(f"{problem} needs git, which is not installed.")
    done = subprocess.run([git, *arguments], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - git
    if done.returncode != 0:
        raise UsageError(f"{problem}: git {arguments[0]} failed: {done.stderr.strip()}.")
    return done.stdout
