"""The logs of processes that write them by themselves, such as workers and servers."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from harness.redaction.active import active

BLOCK = 2**20
"""How many characters of a log are looked at together, to the end of the line."""


CLOCKS = 2.0
"""How many seconds the times of files may be behind."""


def redact_logs(folder: Path, *, since: float) -> None:
    """Replace the secrets in the logs of a folder. Each stays the same file; one that cannot be written stays as it is.

    Args:
        folder: The folder.
        since: When the processes began that wrote them; older files are somebody else's.
    """
    for file in sorted(folder.glob("*.log")):
        with suppress(OSError):
            if file.stat().st_mtime >= since - CLOCKS:
                _redact(file)


def _redact(file: Path) -> None:
    changed, blocks = False, []
    with file.open("r+", encoding="utf-8", errors="surrogateescape", newline="") as log:
        while lines := log.readlines(BLOCK):
            text = "".join(lines)
            blocks.append(active().text(text))
            changed = changed or blocks[-1] != text
        if changed:
            log.seek(0)
            log.truncate()
            log.writelines(blocks)
