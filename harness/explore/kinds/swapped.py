"""A signal is delivered after the next one."""

from __future__ import annotations

from dataclasses import dataclass

from harness.evidence.calls import CallMade
from harness.explore.kind import DeliveryKind, SignalDelivery


@dataclass(frozen=True, kw_only=True)
class Swapped(DeliveryKind):
    """Two signals arrive in the other order."""

    order = 190
    harm = 3
    sentence = "was delivered after the one that follows it"

    def applies(self, made: CallMade, *, reads: frozenset[str]) -> bool:
        """To a signal that another one follows."""
        return made.followed and super().applies(made, reads=reads)

    async def deliver(self, delivery: SignalDelivery) -> None:
        """Keep it until the next has been sent."""
        await delivery.send_after_next()
