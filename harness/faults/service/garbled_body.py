"""The service does what it was asked, and answers something that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults.families import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence


@dataclass(frozen=True, kw_only=True)
class GarbledBody(ServiceFault):
    """The effect is committed; the answer keeps its status, and its body is cut off in the middle.

    Attributes:
        raw: What to send instead of the first half of the body, or None for that half.
    """

    raw: bytes | None = None

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:  # noqa: ARG002 - whatever it asked
        """Do it, and garble the answer."""
        reply = await proceed()
        return reply.garbled(self.raw)
