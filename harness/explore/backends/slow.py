"""The service does what it is asked, and its answer comes late."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from harness.fault import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence


@dataclass(frozen=True, kw_only=True)
class Slow(ServiceFault):
    """Each answer is held back for a while, or until the caller has gone.

    Attributes:
        delay: For how long.
    """

    delay: timedelta

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:
        """Do it, and wait."""
        reply = await proceed()
        gone = asyncio.ensure_future(call.gone())
        await asyncio.wait([gone], timeout=self.delay.total_seconds())
        gone.cancel()
        return reply
