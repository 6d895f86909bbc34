"""An attempt goes on after its workflow has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallPlace
from harness.explore.kind import ActivityAttempt, AttemptKind


@dataclass(frozen=True, kw_only=True)
class Zombie(AttemptKind):
    """The first attempt times out, and its body runs once all workflows have ended."""

    order = 70
    harm = 8
    sentence = "took so long that its attempt timed out, and did its work after every workflow had ended"
    # A local activity that does not come back holds its workflow task.
    places = frozenset({CallPlace.ACTIVITY})
    commits = True
    times_out = True

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Hold it until all workflows have ended, then run the body."""
        attempt.injected()
        await attempt.outlast()
        return await attempt.body()
