"""Lines of code in tracebacks: which of them are the application's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_PLACE = re.compile(r'File "([^"\n]+\.py)", line (\d+)|\(([^()\s]+\.py):(\d+)\)')
_LIBRARY = re.compile(r"[/\\](?:site-packages|dist-packages|lib[/\\]python[\d.]+)[/\\]|^<")
_HARNESS = Path(__file__).parents[1]


def places(text: str) -> Iterator[tuple[str, int]]:
    """Yield each file and line that a text names, as a traceback does, the outermost first."""
    for found in _PLACE.finditer(text):
        yield found[1] or found[3], int(found[2] or found[4])


def is_own(path: str) -> bool:
    """Whether a file is the application's: neither a library's, nor Python's own, nor the harness's."""
    return not _LIBRARY.search(path) and not Path(path).is_relative_to(_HARNESS)


def innermost(text: str) -> tuple[str, int] | None:
    """Return the innermost line of the application that a text names; any line where it names none of those."""
    found = [*places(text)]
    own = [one for one in found if is_own(one[0])]
    return next(reversed(own or found), None)
