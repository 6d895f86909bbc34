"""The call is refused permanently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallPlace
from harness.explore.kind import ActivityAttempt, AttemptKind


@dataclass(frozen=True, kw_only=True)
class NonRetryable(AttemptKind):
    """A failure before the body that is not retried; of a child, before its code has run."""

    order = 20
    harm = 3
    formerly = "non-retryable"
    sentence = "failed with a non-retryable error before it did anything"
    places = AttemptKind.places | {CallPlace.CHILD}
    for_good = True
    instead_of_child = "injected: refused for good"

    def acts_on(self, attempt: ActivityAttempt) -> bool:  # noqa: ARG002 - on all of them
        """On every attempt: an attempt that timed out may be followed by another."""
        return True

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Refuse it."""
        attempt.injected()
        raise attempt.failure("injected: refused for good", non_retryable=True)
