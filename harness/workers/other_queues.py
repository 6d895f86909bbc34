"""Which task queues the user's code may poll in place of the run's: names that stand in its files.

A server does not list the task queues that have pollers, so that it has to be asked about each by its name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SUFFIXES = frozenset(
    {".py", ".ts", ".js", ".go", ".java", ".kt", ".rb", ".cs", ".php", ".toml", ".yaml", ".yml", ".env"}
)
"""The files that are looked through."""

FILES = 3000
"""How many files are looked through at most."""

NAMES = 30
"""How many names are returned at most."""

_NAMED = re.compile(
    r"""task[-_ ]?queue[\w.]*["']?\s*"""
    r"""(?::\s*\w+\s*=|[:=]=?|\(|,)\s*"""  # an annotation, an assignment, a call, an argument
    r"""(?:[\w.]+\(\s*["']\w+["'],\s*)?"""  # the default of a setting
    r"""["']([^"'\n{}]+)["']""",
    re.IGNORECASE,
)


def names_in(root: Path) -> tuple[str, ...]:
    """Return what the files of a folder call a task queue, in the order in which they are found."""
    found: dict[str, None] = {}
    for file in _files(root):
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        found.update(dict.fromkeys(_NAMED.findall(text)))
    return tuple(found)[:NAMES]


def in_group(identity: str, group: int) -> bool:
    """Whether a poller is a process of a group, by its identity, which begins with its process id by default."""
    pid = identity.partition("@")[0]
    with suppress(OSError):
        return pid.isascii() and pid.isdigit() and os.getpgid(int(pid)) == group
    return False


def _files(root: Path) -> Iterator[Path]:
    seen = 0
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in {"node_modules", "runs"})
        for name in sorted(files):
            if os.path.splitext(name)[1] in SUFFIXES or name == ".env":  # noqa: PTH122 - thousands of them
                yield Path(folder) / name
                seen += 1
            if seen >= FILES:
                return
