"""Lines of code, as tracebacks name them: which of them are the application's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

AROUND = 4
"""How many lines of an excerpt are before and after the line itself."""

_PLACE = re.compile(r'File "([^"\n]+\.py)", line (\d+)|\(([^()\s]+\.py):(\d+)\)')
_LIBRARY = re.compile(r"[/\\](?:site-packages|dist-packages|lib[/\\]python[\d.]+)[/\\]|^<")
_HARNESS = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A line of code.

    Attributes:
        path: The file, as it was recorded.
        line: The line, counted from 1.
    """

    path: str
    line: int

    @classmethod
    def of(cls, text: str) -> Place | None:
        """Read "shop/workflow.py:12"; None for anything else."""
        path, _, line = text.rpartition(":")
        return cls(path=path, line=int(line)) if path and line.isdecimal() else None

    @classmethod
    def of_code(cls, code: CodeType) -> Place:
        """Return where a function begins."""
        return cls(path=code.co_filename, line=code.co_firstlineno)

    def __str__(self) -> str:
        path = Path(self.path)
        here = Path.cwd()
        return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{self.line}"

    @property
    def excerpt(self) -> tuple[tuple[int, str], ...]:
        """The numbered lines around it; none when the file is not on this machine, or shorter now."""
        try:
            lines = Path(self.path).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return ()
        if self.line > len(lines):
            return ()
        first = max(1, self.line - AROUND)
        return tuple(enumerate(lines[first - 1 : self.line + AROUND], start=first))


def places(text: str) -> Iterator[tuple[str, int]]:
    """Yield each file and line that a text names, as a traceback does, the outermost first."""
    for found in _PLACE.finditer(text):
        yield found[1] or found[3], int(found[2] or found[4])


def is_own(path: str) -> bool:
    """Whether a file is the application's: neither a library's, nor Python's own, nor the harness's."""
    return not _LIBRARY.search(path) and not Path(path).is_relative_to(_HARNESS)


def own_places(text: str) -> list[Place]:
    """Return the lines of the application that a text names, the innermost last."""
    return [Place(path=path, line=line) for path, line in places(text) if is_own(path)]


def innermost(text: str) -> tuple[str, int] | None:
    """Return the innermost line of the application that a text names; any line where it names none of those."""
    found = [*places(text)]
    own = [one for one in found if is_own(one[0])]
    return next(reversed(own or found), None)
