"""The end of a child process's log, for an error that says why the process ended."""

from __future__ import annotations

from pathlib import Path

LONGEST = 500
"""How many characters of a log an error quotes."""


def log_tail(log: Path) -> str:
    """Return a sentence with the end of a log, or one that says that the log is empty."""
    text = log.read_text(errors="replace").strip() if log.exists() else ""
    if not text:
        return f"Its log is empty: {log}"
    return f"Its log ends with: {text if len(text) <= LONGEST else '…' + text[-LONGEST:]}"
