"""The first attempt times out before its body runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallPlace
from harness.explore.kind import ActivityAttempt, AttemptKind


@dataclass(frozen=True, kw_only=True)
class TimedOutBefore(AttemptKind):
    """The first attempt times out, and its body never runs."""

    order = 240
    harm = 5
    formerly = "swallowed-before"
    sentence = "timed out before it did anything"
    # A local activity that does not come back holds its workflow task.
    places = frozenset({CallPlace.ACTIVITY})
    times_out = True

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Hold the attempt until nobody waits for it."""
        attempt.injected()
        await attempt.outlast()
        raise attempt.failure("injected: the attempt was never answered")
