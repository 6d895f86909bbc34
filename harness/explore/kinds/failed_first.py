"""A call fails while others are in flight, and those do their work late."""

from __future__ import annotations

from dataclasses import dataclass

from harness.evidence.calls import CallMade, CallPlace
from harness.explore.kind import RefusedKind


@dataclass(frozen=True, kw_only=True)
class FailedFirst(RefusedKind):
    """A failure that is not retried, while other calls of the workflow are in flight.

    Their bodies begin when the workflow has nothing else to do, or has ended: after whatever it does about the failure
    without waiting for them.
    """

    order = 35
    harm = 4
    sentence = (
        "failed with a non-retryable error while other calls were in flight, and those did their work when the "
        "workflow had nothing else to do, or had ended"
    )
    places = frozenset({CallPlace.ACTIVITY})
    holds = True

    def applies(self, made: CallMade, *, reads: frozenset[str]) -> bool:
        """To a call that was in flight together with another."""
        return made.alongside and super().applies(made, reads=reads)
