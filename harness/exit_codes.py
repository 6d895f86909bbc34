"""Exit codes of every command: the one place that has the numbers.

A verdict knows its code (`Verdict.exit_code`), an error its own (`HarnessError.exit_code`).
Several verdicts end as the worst of them does: FAILED beats INCONCLUSIVE. A mistake of the user's and a broken
environment end a command at once, whatever was found before.
"""

from __future__ import annotations

GREEN = 0
"""Everything passed."""

FAILED = 1
"""Something failed: the application broke an expectation."""

USAGE = 2
"""The user made a mistake."""

ENVIRONMENT = 3
"""A server, a port or a folder is not available."""

INCONCLUSIVE = 4
"""Nothing failed, and something could not be told: a run proves nothing, was interrupted, or never began."""
