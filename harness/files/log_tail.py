"""The end of a child process's log, for an error that says why the process ended."""

from __future__ import annotations

import re
from pathlib import Path

LONGEST = 500
"""How many characters of a log an error quotes."""

_CAUSE = re.compile(
    r"^(\S.*)\n\n(?:The above exception was the direct cause|During handling of the above)", re.MULTILINE
)
"""The exception behind the last one of a Python traceback."""


def log_tail(log: Path) -> str:
    """Return a sentence with the end of a log, or one that says that the log is empty."""
    text = log.read_text(errors="replace").strip() if log.exists() else ""
    if not text:
        return f"Its log is empty: {log}"
    causes = _CAUSE.findall(text)
    if causes and causes[-1] not in text[-LONGEST:]:
        text = f"{text}\ncaused by {causes[-1][: LONGEST // 2]}"
    return f"Its log ends with: {text if len(text) <= LONGEST else '…' + text[-LONGEST:]}"
