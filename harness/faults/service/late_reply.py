"""The service does what it is asked, and its answer is late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from harness.events import FaultFired
from harness.faults.families import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class LateReply(ServiceFault):
    """The effect is committed at once; the answer is held back until the caller has given up, or for `delay`.

    Without a `delay` it fires on a call whose caller had given up before the answer; with one, on every call whose
    answer was that late. Healing sends the answers that are held.

    Attributes:
        delay: How late an answer is; None until its caller has given up.
        patience: The longest that an answer is held back without a `delay`. A caller that still waits then gets it.
    """

    delay: timedelta | None = None
    patience: timedelta = timedelta(seconds=30)

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.patience <= timedelta(0):
            yield f"patience must be positive, got {self.patience}."
        if self.delay is not None and self.delay <= timedelta(0):
            yield f"delay must be positive, got {self.delay}."

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:
        """Do it, and hold the answer back."""
        reply = await proceed()
        await self._is_late(call, healed=asyncio.Event())
        return reply

    async def disturb_counted(self, call: Call, proceed: Proceed, *, testbed: Testbed, name: str) -> Reply | Silence:
        """Count the calls whose answer was late, which is the same answer."""
        return await self._hold(call, proceed, healed=asyncio.Event(), testbed=testbed, name=name)

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Hold answers back until it is healed."""
        healed = asyncio.Event()

        async def hold(call: Call, proceed: Proceed) -> Reply | Silence:
            return await self._hold(call, proceed, healed=healed, testbed=testbed, name=name)

        with testbed.fake(self.on).disturbed(self.on, hold):
            try:
                yield
            finally:
                healed.set()

    async def _hold(
        self, call: Call, proceed: Proceed, *, healed: asyncio.Event, testbed: Testbed, name: str
    ) -> Reply | Silence:
        reply = await proceed()
        if await self._is_late(call, healed=healed):
            whom = " to nobody" if call.has_gone() else " late"
            testbed.stream.emit(FaultFired(fault=name, call=call.id, what=f"answered {reply.status}{whom}"))
        return reply

    async def _is_late(self, call: Call, *, healed: asyncio.Event) -> bool:
        """Wait as long as an answer is held back, and return whether it is late then."""
        ends = [asyncio.ensure_future(call.gone()), asyncio.ensure_future(healed.wait())]
        try:
            timeout = (self.delay or self.patience).total_seconds()
            ended, _ = await asyncio.wait(ends, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        return call.has_gone() or (self.delay is not None and not ended)
