"""The signals and updates that a drive sends in one run: delivered as sent, twice, late, or after the next signal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from temporalio.service import RPCError

from harness.explore.calls import Call
from harness.explore.model.schedule import PlannedFault

SIGNAL, UPDATE = "signal-", "update-"
"""What the names of their calls begin with."""

LATE_BY = 0.5
"""By how many seconds a signal comes late: real time, in which a workflow does whatever else it has to do."""

Update = TypeVar("Update")
"""What the client returns for an update."""

Send = Callable[[], Coroutine[Any, Any, None]]


class Signals:
    """One run's signals.

    Args:
        named: Takes note of a signal of that name, and returns what it is called.
        planned: Says which faults shall meet it.
        struck: Is told that one did.
    """

    def __init__(
        self,
        *,
        named: Callable[[str, int], Call],
        planned: Callable[[Call], list[PlannedFault]],
        struck: Callable[[PlannedFault], None],
    ) -> None:
        self._named = named
        self._planned = planned
        self._struck = struck
        self._sent = 0
        self._held: list[Send] = []
        self._late: set[asyncio.Task[None]] = set()

    async def deliver(self, name: str, send: Send) -> None:
        """Deliver a signal as the schedule says."""
        self._sent += 1
        planned = self._planned(self._named(f"{SIGNAL}{name}", self._sent))
        held, self._held = self._held, []
        for fault in planned:
            self._struck(fault)
        kinds = {fault.kind.name for fault in planned}
        if "swapped" in kinds:
            self._held.append(send)
        elif "late" in kinds:
            self._late.add(asyncio.create_task(self._later(send)))
        else:
            await send()
        if "twice" in kinds:
            await send()
        for other in held:
            await other()

    async def update(self, name: str, send: Callable[[], Awaitable[Update]], again: Send) -> Update:
        """Deliver an update as the schedule says, and return what the drive is given for it.

        Args:
            name: The update's name.
            send: Sends it.
            again: Sends it under another id, as a client does that has no answer and asks anew; returns once it is
                accepted, since what the drive does next may be what it waits for.
        """
        self._sent += 1
        planned = self._planned(self._named(f"{UPDATE}{name}", self._sent))
        for fault in planned:
            self._struck(fault)
        kinds = {fault.kind.name for fault in planned}
        if "late" in kinds:
            await asyncio.sleep(LATE_BY)
        sent = await send()
        if "twice" in kinds:
            # Before the drive goes on, so that it comes at the same moment each time.
            await self._unless_over(again)
        return sent

    async def _later(self, send: Send) -> None:
        await asyncio.sleep(LATE_BY)
        await self._unless_over(send)

    async def _unless_over(self, send: Send) -> None:
        """Send what the workflow may have ended without."""
        with suppress(RPCError):
            await send()

    async def rest(self) -> None:
        """Deliver what is still held, once the drive has ended."""
        held, self._held = self._held, []
        for other in held:
            with suppress(RPCError):
                await other()
        await asyncio.gather(*self._late)
