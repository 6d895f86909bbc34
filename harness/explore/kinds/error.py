"""The first attempt fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.explore.kind import ActivityAttempt, AttemptKind


@dataclass(frozen=True, kw_only=True)
class Error(AttemptKind):
    """The first attempt fails before its body."""

    order = 230
    harm = 1
    sentence = "failed on its first attempt before it did anything"

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Fail."""
        attempt.injected()
        raise attempt.failure("injected: failed before the body")
