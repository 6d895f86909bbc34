"""The call is refused permanently."""

from __future__ import annotations

from dataclasses import dataclass

from harness.evidence.calls import CallPlace
from harness.explore.kind import RefusedKind


@dataclass(frozen=True, kw_only=True)
class NonRetryable(RefusedKind):
    """A failure before the body that is not retried; of a child, before its code has run.

    It is permanent: when the application calls the same activity with the same arguments again, or starts the same
    child, that fails, too.
    """

    order = 20
    harm = 3
    formerly = "non-retryable"
    sentence = "failed with a non-retryable error before it did anything, each time it was called"
    places = RefusedKind.places | {CallPlace.CHILD}
    instead_of_child = "injected: refused for good"
