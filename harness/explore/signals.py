"""The signals that a drive sends in one run: delivered as sent, twice, late, or after the one that follows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from temporalio.service import RPCError

from harness.explore.schedule import Call, PlannedFault

LATE_BY = 0.5
"""By how many seconds a signal comes late: real time, in which a workflow does whatever else it has to do."""

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
        planned = self._planned(self._named(f"signal-{name}", self._sent))
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

    async def _later(self, send: Send) -> None:
        await asyncio.sleep(LATE_BY)
        # It may have ended without it.
        with suppress(RPCError):
            await send()

    async def rest(self) -> None:
        """Deliver what is still held, once the drive has ended."""
        held, self._held = self._held, []
        for other in held:
            with suppress(RPCError):
                await other()
        await asyncio.gather(*self._late)
