"""From verdicts to an exit code: what a merge is decided by."""

from __future__ import annotations

from harness.verdict import Verdict

GREEN, RED, USAGE, ENVIRONMENT = 0, 1, 2, 3
"""Exit codes: all held; something did not, or could not be told; the user's mistake; a server that is not to be had."""


def exit_code(verdict: Verdict) -> int:
    """Return the exit code of a session. INCONCLUSIVE is red: it proves nothing."""
    return GREEN if verdict is Verdict.PASSED else RED
