"""The activities that block the event loop, in all runs of an exploration."""

from __future__ import annotations

from collections import Counter

REFUSED_AFTER = 3
"""After how many runs in which it never returned an activity is not called any more."""


class Hangs:
    """What is known of activities that do not let the event loop go on. Used from several threads."""

    def __init__(self) -> None:
        self._where: dict[str, str] = {}
        self._times: Counter[str] = Counter()
        self._returned: set[str] = set()

    def hung(self, activity: str, where: str) -> None:
        """Note that an activity was given up, and the line at which it stood."""
        self._where[activity] = where
        self._times[activity] += 1

    def returned(self, activity: str) -> None:
        """Note that an activity has returned: not each of its calls hangs."""
        self._returned.add(activity)

    def known(self, activity: str) -> bool:
        """Whether an activity has hung before."""
        return activity in self._where

    def refused(self, activity: str) -> str | None:
        """Return the line at which an activity hung each time it was called, if it is not called any more."""
        hopeless = self._times[activity] >= REFUSED_AFTER and activity not in self._returned
        return self._where[activity] if hopeless else None
