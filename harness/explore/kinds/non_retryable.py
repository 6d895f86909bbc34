"""The call is refused permanently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallName, CallPlace
from harness.explore.kind import ActivityAttempt, AttemptKind


@dataclass(frozen=True, kw_only=True)
class NonRetryable(AttemptKind):
    """A failure before the body that is not retried; of a child, before its code has run.

    It is permanent: when the application calls the same activity with the same arguments again, or starts the same
    child, that fails, too.
    """

    order = 20
    harm = 3
    formerly = "non-retryable"
    sentence = "failed with a non-retryable error before it did anything, each time it was called"
    places = AttemptKind.places | {CallPlace.CHILD}
    for_good = True
    instead_of_child = "injected: refused for good"

    def covers(self, planned: CallName, call: CallName) -> bool:
        """That call, and perhaps a later one of its type."""
        same = planned.workflow == call.workflow
        return planned.activity == call.activity and (call.nth >= planned.nth or not same)

    def acts_on(self, attempt: ActivityAttempt) -> bool:
        """On every attempt of a call that asks for the same: one that timed out may be followed by another."""
        return attempt.repeats

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Refuse it."""
        attempt.injected()
        raise attempt.failure("injected: refused for good", non_retryable=True)
