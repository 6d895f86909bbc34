"""What an activity needs is down permanently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallMade, CallName
from harness.explore.kind import ActivityAttempt, AttemptKind


@dataclass(frozen=True, kw_only=True)
class Down(AttemptKind):
    """Every attempt fails before its body, and so does every later call of that type."""

    order = 80
    harm = 4
    sentence = "failed on every attempt, and so did every later call of it"
    for_good = True
    from_then_on = True
    bounded = True
    fails_all_attempts = True

    def applies(self, made: CallMade, *, reads: frozenset[str]) -> bool:
        """Not to a call with a single attempt, where it is `error`."""
        return made.maximum_attempts != 1 and super().applies(made, reads=reads)

    def covers(self, planned: CallName, call: CallName) -> bool:
        """That call and every later one of its type."""
        same = (planned.workflow, planned.activity) == (call.workflow, call.activity)
        return same and call.nth >= planned.nth

    def acts_on(self, attempt: ActivityAttempt) -> bool:  # noqa: ARG002 - on all of them
        """On every attempt."""
        return True

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Fail."""
        attempt.injected()
        raise attempt.failure("injected: the service is down")
