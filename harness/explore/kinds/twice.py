"""A signal or an update is delivered twice."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import DeliveryKind, SignalDelivery


@dataclass(frozen=True, kw_only=True)
class Twice(DeliveryKind):
    """A client that got no answer sends the same signal or update again."""

    order = 180
    harm = 2
    sentence = "was delivered twice"

    async def deliver(self, delivery: SignalDelivery) -> None:
        """Send it, and send it again."""
        await delivery.send()
        await delivery.send_again()
