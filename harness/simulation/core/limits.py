"""What a worker's settings forbid: the simulation does not have anything wait for its turn, and stops instead."""

from __future__ import annotations

from harness.library_internals.simulated_bridge import WorkerSettings
from harness.simulation.unmodelled import Unmodelled


class WorkerLimits:
    """The limits of one worker.

    Args:
        settings: How it was made.
    """

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings

    def may_cache(self, cached: int) -> None:
        """Refuse one more run beside so many."""
        self._check(cached, self._settings.cached, "more workflows at once than a worker's cache holds")

    def may_begin(self, begun: int) -> None:
        """Refuse one more attempt of an activity beside so many."""
        self._check(begun, self._settings.attempts_at_once, "more activities at once than a worker does")

    def may_begin_local(self, begun: int) -> None:
        """Refuse one more local activity beside so many."""
        self._check(begun, self._settings.local_at_once, "more local activities at once than a worker does")

    def _check(self, many: int, limit: int | None, what: str) -> None:
        if self._settings.others:
            raise Unmodelled(f"a worker with {', '.join(self._settings.others)}")
        if limit is not None and many >= limit:
            raise Unmodelled(what)
