"""The service does what it was asked only after the caller has given up and something else has happened since."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.events import FaultFired
from harness.faults.families import ServiceFault
from harness.services.operation import Call, Operation, Proceed, Reply, Silence
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class LateCommit(ServiceFault):
    """Calls are held before they take effect until a call of another operation was served; then they commit.

    The race between a straggling commit and its compensation (SAGA-008), decided the bad way every time.

    Attributes:
        after: The operation whose call lets the held ones go on: usually the one that undoes them.
    """

    after: Operation

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.after == self.on:
            yield f"after must be another operation than {self.on}, which would wait for itself."

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Hold calls until `after` was served; healing lets them go on, too."""
        served = asyncio.Event()

        async def hold(call: Call, proceed: Proceed) -> Reply | Silence:
            late = not served.is_set()
            await served.wait()
            reply = await proceed()
            if late:
                testbed.stream.emit(FaultFired(fault=name, call=call.id, what=f"committed late: {reply.status}"))
            return reply

        async def let_go(_call: Call, proceed: Proceed) -> Reply | Silence:
            reply = await proceed()
            served.set()
            return reply

        with (
            testbed.fake(self.on).disturbed(self.on, hold),
            testbed.fake(self.after).disturbed(self.after, let_go),
        ):
            try:
                yield
            finally:
                served.set()
