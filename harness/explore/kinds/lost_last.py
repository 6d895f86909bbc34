"""The answer of a call is lost for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallPlace
from harness.explore.kind import ActivityAttempt, AttemptKind


@dataclass(frozen=True, kw_only=True)
class LostLast(AttemptKind):
    """The body runs, its answer is lost, and so is every later attempt: the call fails, its effect exists.

    Later attempts fail before their bodies. A call that never gives up is refused permanently at the next one, as by a
    service that finds its key taken.
    """

    order = 10
    harm = 7
    formerly = "lost-last"
    sentence = "did its work, but its answer was lost, and every later attempt failed, so the call failed"
    places = AttemptKind.places | {CallPlace.CHILD}
    commits = True
    fails_all_attempts = True
    instead_of_child_result = "injected: the answer was lost"

    def acts_on(self, attempt: ActivityAttempt) -> bool:  # noqa: ARG002 - on all of them
        """On every attempt."""
        return True

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Lose the first answer, and fail from then on."""
        if not attempt.was_injected:
            await attempt.body()
            attempt.injected()
            raise attempt.failure("injected: the answer was lost")
        raise attempt.failure("injected: failed before the body", non_retryable=not attempt.made.bounded)
