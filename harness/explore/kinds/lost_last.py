"""The answer of the last attempt is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallPlace
from harness.explore.kind import ActivityAttempt, AttemptKind


@dataclass(frozen=True, kw_only=True)
class LostLast(AttemptKind):
    """The body runs on the last attempt and its answer is lost: the call fails, its effect exists.

    A call without a limit of attempts has no last one: there the first answer is lost, and the second attempt is
    refused permanently, as by a service that finds its key taken.
    """

    order = 10
    harm = 7
    formerly = "lost-last"
    sentence = "did its work on the last attempt, but that answer was lost, so the call failed"
    places = AttemptKind.places | {CallPlace.CHILD}
    commits = True
    fails_all_attempts = True
    instead_of_child_result = "injected: the answer was lost"

    def acts_on(self, attempt: ActivityAttempt) -> bool:  # noqa: ARG002 - on all of them
        """On every attempt."""
        return True

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Fail until the last attempt, and lose the answer of that one."""
        last = attempt.made.maximum_attempts
        if last and attempt.number < last:
            raise attempt.failure("injected: failed before the body")
        if last or attempt.number == 1:
            await attempt.body()
            attempt.injected()
            raise attempt.failure("injected: the answer was lost")
        raise attempt.failure("injected: failed before the body", non_retryable=not attempt.made.bounded)
