"""A signal loses a race with another one."""

from __future__ import annotations

from dataclasses import dataclass

from harness.evidence.calls import CallMade
from harness.explore.kind import DeliveryKind, SignalDelivery


@dataclass(frozen=True, kw_only=True)
class Raced(DeliveryKind):
    """Of two signals that are on their way at the same time, the one that was sent first arrives second.

    No server does that to signals of which one was acknowledged before the other was sent.
    """

    order = 190
    harm = 3
    formerly = "swapped"
    sentence = "was on its way when another signal was sent, and arrived after that one"

    def applies(self, made: CallMade, *, reads: frozenset[str]) -> bool:
        """To a signal that was not acknowledged yet when the driver sent another."""
        return made.overtaken and super().applies(made, reads=reads)

    async def deliver(self, delivery: SignalDelivery) -> None:
        """Keep it on its way until the next has arrived."""
        await delivery.send_after_next()
