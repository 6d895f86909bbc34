"""The logs of processes that write them by themselves, such as workers and servers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from harness.redaction.active import active

BLOCK = 2**20
"""How many characters of a log are looked at together, to the end of the line."""


CLOCKS = 2.0
"""How many seconds the times of files may be behind."""


def log_sizes(folder: Path) -> dict[Path, int]:
    """Return how long the logs of a folder are, in bytes: what is in them by now was redacted by whoever wrote it."""
    return {file: file.stat().st_size for file in folder.glob("*.log")}


def redact_logs(folder: Path, *, since: float, behind: Mapping[Path, int] = MappingProxyType({})) -> None:
    """Replace the secrets in the logs of a folder. Each stays the same file; one that cannot be written stays as it is.

    Args:
        folder: The folder.
        since: When the processes began that wrote them; older files are somebody else's.
        behind: From which byte on a file is looked at; the others from their beginning.
    """
    for file in sorted(folder.glob("*.log")):
        with suppress(OSError):
            if file.stat().st_mtime >= since - CLOCKS:
                _redact(file, behind.get(file, 0))


def _redact(file: Path, start: int) -> None:
    changed, blocks = False, []
    with file.open("r+", encoding="utf-8", errors="surrogateescape", newline="") as log:
        log.seek(start)
        while lines := log.readlines(BLOCK):
            text = "".join(lines)
            blocks.append(active().text(text))
            changed = changed or blocks[-1] != text
        if changed:
            log.seek(start)
            log.truncate()
            log.writelines(blocks)
