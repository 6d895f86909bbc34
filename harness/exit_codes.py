"""Exit codes of every command, and which verdict ends with which."""

from __future__ import annotations

from harness.verdict import Verdict

GREEN = 0
"""Everything held."""

RED = 1
"""Something did not hold, or could not be judged."""

USAGE = 2
"""The user made a mistake."""

ENVIRONMENT = 3
"""A server, a port or a folder is not available."""


def exit_code(verdict: Verdict) -> int:
    """Return the exit code of a session. INCONCLUSIVE is red: it proves nothing."""
    return GREEN if verdict is Verdict.PASSED else RED
