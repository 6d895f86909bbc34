"""One answer of a service that comes late, while all others come as ever."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from harness.call import Call, Proceed, Reply, Silence
from harness.events import FaultFired
from harness.evidence import Evidence
from harness.fault import ServiceFault


@dataclass(frozen=True, kw_only=True)
class Slow(ServiceFault):
    """The service does what it is asked, and waits with its answer, unless the caller has gone before.

    Of calls that come at the same time it meets but one, which latency on the wire could not be aimed at.

    Attributes:
        number: Which call of the operation.
        delay: How late its answer is.
    """

    number: int
    delay: timedelta

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:
        """Hold back the answer of that call."""
        reply = await proceed()
        if call.number == self.number:
            gone = asyncio.ensure_future(call.gone())
            await asyncio.wait([gone], timeout=self.delay.total_seconds())
            gone.cancel()
        return reply

    def fired(self, evidence: Evidence, *, name: str) -> int:
        """Whether that call was answered late; the others are answered as they would have been."""
        met = f"{self.on}#{self.number}"
        return sum(event.fault == name and event.call == met for event in evidence.of(FaultFired))
