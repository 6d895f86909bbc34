"""A signal or an update is delivered late."""

from __future__ import annotations

from dataclasses import dataclass

from harness.explore.kind import DeliveryKind, SignalDelivery


@dataclass(frozen=True, kw_only=True)
class Late(DeliveryKind):
    """A signal or an update arrives half a second late, and its sender waits for that long.

    What the same client sends later cannot arrive before it: a client has its answer only then.
    """

    order = 200
    harm = 1
    sentence = "was delivered late"

    async def deliver(self, delivery: SignalDelivery) -> None:
        """Send it later."""
        await delivery.send_late()
