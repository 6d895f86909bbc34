"""A fault of a service that meets one call and no other, also of those that come at the same time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.events import FaultFired
from harness.fault import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class AtCall(ServiceFault):
    """Another fault of the same operation, at the nth call of it.

    A trigger would arm it for that call and heal it at the next, which may come while a drive still holds the nth.

    Attributes:
        number: Which call, from 1.
        fault: What happens to it.
    """

    number: int
    fault: ServiceFault

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Stand between the operation and its callers, and let all others pass."""

        async def disturbance(call: Call, proceed: Proceed) -> Reply | Silence:
            if call.number != self.number:
                return await proceed()
            reply = await self.fault.disturb(call, proceed)
            what = f"kept silent: {reply.why}" if isinstance(reply, Silence) else f"answered {reply.status}"
            testbed.stream.emit(FaultFired(fault=name, call=call.id, what=what))
            return reply

        with testbed.fake(self.on).disturbed(self.on, disturbance):
            yield
