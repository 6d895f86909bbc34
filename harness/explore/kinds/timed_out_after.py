"""An attempt times out after its body has run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallPlace
from harness.explore.kind import ActivityAttempt, ReturnedKind


@dataclass(frozen=True, kw_only=True)
class TimedOutAfter(ReturnedKind):
    """The first body that returns has run, and its attempt is not answered until it times out."""

    order = 90
    harm = 6
    formerly = "swallowed-after"
    sentence = "did its work, but its answer never came, and the attempt timed out"
    # A local activity that does not come back holds its workflow task.
    places = frozenset({CallPlace.ACTIVITY})
    times_out = True

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Run the body, and hold the answer until nobody waits for it."""
        await attempt.body()
        attempt.injected()
        await attempt.outlast()
        raise attempt.failure("injected: the attempt was never answered")
