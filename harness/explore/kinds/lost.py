"""The answer of an attempt is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallMade
from harness.explore.kind import ActivityAttempt, ReturnedKind


@dataclass(frozen=True, kw_only=True)
class Lost(ReturnedKind):
    """The first answer is lost: the body has run, and a retry follows."""

    order = 30
    harm = 2
    sentence = "did its work, but its answer was lost, so it was tried again"

    def applies(self, made: CallMade, *, reads: frozenset[str]) -> bool:
        """Not to a call with a single attempt, where it is `lost_last`."""
        return made.maximum_attempts != 1 and super().applies(made, reads=reads)

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Run the body, and lose its answer."""
        await attempt.body()
        attempt.injected()
        raise attempt.failure("injected: the answer was lost")
