"""The workflow is asked to cancel while a call goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evidence.calls import CallPlace
from harness.explore.kind import ActivityAttempt, ReturnedKind, Task


@dataclass(frozen=True, kw_only=True)
class Cancelled(ReturnedKind):
    """The body runs, or a timer, and the workflow receives a request to cancel before the result."""

    order = 40
    harm = 5
    sentence = "was going on when the workflow was asked to cancel, and did its work all the same"
    places = ReturnedKind.places | {CallPlace.TIMER}
    cancels = True

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Run the body, and return its result once the workflow has received the request."""
        result = await attempt.body()
        attempt.injected()
        # Else the workflow might receive the result first, or both at once.
        await attempt.cancel()
        return result

    def in_task(self, task: Task) -> None:
        """Ask while the timer runs."""
        task.cancel()
