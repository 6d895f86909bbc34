"""The signals and updates that a driver sends in one run: delivered as sent, or as the schedule says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar

from temporalio.service import RPCError

from harness.evidence.calls import CallName
from harness.explore.model.schedule import PlannedFault

SIGNAL, UPDATE = "signal-", "update-"
"""What the names of their calls begin with."""

LATE_BY = 0.5
"""How many seconds late a signal is delivered: real time, in which a workflow does whatever else it has to do."""

Update = TypeVar("Update")
"""What the client returns for an update."""

Send = Callable[[], Coroutine[Any, Any, None]]


class SignalDeliveries:
    """One run's signals.

    Args:
        named: Records a signal of that name, and returns its call.
        planned: Returns the faults that are planned for it.
        injected: Records that one was injected.
    """

    def __init__(
        self,
        *,
        named: Callable[[str, int], CallName],
        planned: Callable[[CallName], list[PlannedFault]],
        injected: Callable[[PlannedFault], None],
    ) -> None:
        self._named = named
        self._planned = planned
        self._injected = injected
        self._sent = 0
        self._held: list[Send] = []
        self._late: set[asyncio.Task[None]] = set()

    async def deliver(self, name: str, send: Send) -> None:
        """Deliver a signal as the schedule says."""
        fault = self._fault(f"{SIGNAL}{name}")
        held, self._held = self._held, []
        if fault is None:
            await send()
        else:
            await fault.kind.deliver(_Signal(send, self, lambda: self._injected(fault)))
        for other in held:
            await other()

    async def update(self, name: str, send: Callable[[], Awaitable[Update]], again: Send) -> Update:
        """Deliver an update as the schedule says, and return what the driver gets for it.

        Args:
            name: The update's name.
            send: Sends it.
            again: Sends it with another id, as a client does that got no answer and asks again; returns once it is
                accepted, since what the driver does next may be what it waits for.
        """
        fault = self._fault(f"{UPDATE}{name}")
        if fault is None:
            return await send()
        delivery = _Update(send, again, lambda: self._injected(fault))
        await fault.kind.deliver(delivery)
        return delivery.returned[0]

    def _fault(self, name: str) -> PlannedFault | None:
        """Return the first fault that is planned for the next delivery, which has that name."""
        self._sent += 1
        return next(iter(self._planned(self._named(name, self._sent))), None)

    def hold(self, send: Send) -> None:
        """Keep a signal until the next one was delivered."""
        self._held.append(send)

    def send_later(self, send: Send) -> None:
        """Deliver a signal late, while the driver goes on."""
        self._late.add(asyncio.create_task(_later(send)))

    async def rest(self) -> None:
        """Deliver what is still held, once the driver has ended."""
        held, self._held = self._held, []
        for other in held:
            await _unless_over(other)
        await asyncio.gather(*self._late)


class _Signal:
    def __init__(self, send: Send, signals: SignalDeliveries, injected: Callable[[], None]) -> None:
        self._send = send
        self._signals = signals
        self._injected = injected

    async def send(self) -> None:
        await self._send()

    async def send_again(self) -> None:
        self._injected()
        await self._send()

    async def send_late(self) -> None:
        self._injected()
        self._signals.send_later(self._send)

    async def send_after_next(self) -> None:
        self._injected()
        self._signals.hold(self._send)


class _Update(Generic[Update]):
    def __init__(self, send: Callable[[], Awaitable[Update]], again: Send, injected: Callable[[], None]) -> None:
        self._send = send
        self._again = again
        self._injected = injected
        self.returned: list[Update] = []

    async def send(self) -> None:
        self.returned.append(await self._send())

    async def send_again(self) -> None:
        self._injected()
        # Before the driver goes on, so that it comes at the same moment each time.
        await _unless_over(self._again)

    async def send_late(self) -> None:
        self._injected()
        await asyncio.sleep(LATE_BY)
        await self.send()

    async def send_after_next(self) -> None:
        """Only signals change places: the driver waits for its update."""
        await self.send()


async def _later(send: Send) -> None:
    await asyncio.sleep(LATE_BY)
    await _unless_over(send)


async def _unless_over(send: Send) -> None:
    """Send what the workflow may have ended without."""
    with suppress(RPCError):
        await send()
