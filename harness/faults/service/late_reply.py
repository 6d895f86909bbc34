"""The service does what it was asked, and answers when nobody waits any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from harness.events import FaultFired
from harness.fault import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class LateReply(ServiceFault):
    """The effect is committed at once; the answer waits until the caller has given up, or the fault is healed.

    It fires on a call whose caller had gone before the answer.

    Attributes:
        patience: The longest that the answer is held back. A caller who is still there by then gets it.
    """

    patience: timedelta = timedelta(seconds=30)

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.patience <= timedelta(0):
            yield f"patience must be positive, it is {self.patience}."

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Hold answers back until their callers have gone."""
        healed = asyncio.Event()

        async def hold(call: Call, proceed: Proceed) -> Reply | Silence:
            reply = await proceed()
            waits = [asyncio.ensure_future(call.gone()), asyncio.ensure_future(healed.wait())]
            try:
                timeout = self.patience.total_seconds()
                await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
            if call.has_gone():
                testbed.stream.emit(FaultFired(fault=name, call=call.id, what=f"answered {reply.status} to nobody"))
            return reply

        with testbed.fake(self.on).disturbed(self.on, hold):
            try:
                yield
            finally:
                healed.set()
