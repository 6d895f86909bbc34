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

OVERTAKEN_WITHIN = 2.0
"""For how many seconds a signal waits for another one that is sent meanwhile, and is then delivered all the same."""

Update = TypeVar("Update")
"""What the client returns for an update."""

Send = Callable[[], Coroutine[Any, Any, None]]


class SignalDeliveries:
    """One run's signals.

    Args:
        named: Records a signal of that name, and returns its call.
        planned: Returns the faults that are planned for it.
        injected: Records that one was injected.
        overtaken: Records that another signal was sent before one was acknowledged.
    """

    def __init__(
        self,
        *,
        named: Callable[[str, int], CallName],
        planned: Callable[[CallName], list[PlannedFault]],
        injected: Callable[[PlannedFault], None],
        overtaken: Callable[[CallName], None] = lambda _: None,
    ) -> None:
        self._named = named
        self._planned = planned
        self._injected = injected
        self._overtaken = overtaken
        self._sent = 0
        self._on_their_way: dict[int, CallName] = {}
        self._arrived: list[asyncio.Event] = []

    async def deliver(self, name: str, send: Send) -> None:
        """Deliver a signal as the schedule says; return when the server has it."""
        call, fault = self._next(f"{SIGNAL}{name}")
        for other in self._on_their_way.values():
            self._overtaken(other)
        number = self._sent
        self._on_their_way[number] = call
        # Those that wait for the next wait for this one.
        overtakes, self._arrived = self._arrived, []
        try:
            if fault is None:
                await send()
            else:
                await fault.kind.deliver(_Signal(send, self, lambda: self._injected(fault)))
        finally:
            del self._on_their_way[number]
            for one in overtakes:
                one.set()

    async def update(self, name: str, send: Callable[[], Awaitable[Update]], again: Send) -> Update:
        """Deliver an update as the schedule says, and return what the driver gets for it.

        Args:
            name: The update's name.
            send: Sends it.
            again: Sends it with another id, as a client does that got no answer and asks again; returns once it is
                accepted, since what the driver does next may be what it waits for.
        """
        _, fault = self._next(f"{UPDATE}{name}")
        if fault is None:
            return await send()
        delivery = _Update(send, again, lambda: self._injected(fault))
        await fault.kind.deliver(delivery)
        return delivery.returned[0]

    def _next(self, name: str) -> tuple[CallName, PlannedFault | None]:
        """Return the next delivery, which has that name, and the first fault that is planned for it."""
        self._sent += 1
        call = self._named(name, self._sent)
        return call, next(iter(self._planned(call)), None)

    async def next_arrived(self) -> bool:
        """Wait until the signal has arrived that is sent next; False if none is sent while this one is on its way."""
        arrived = asyncio.Event()
        self._arrived.append(arrived)
        try:
            async with asyncio.timeout(OVERTAKEN_WITHIN):
                await arrived.wait()
        except TimeoutError:
            return False
        return True


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
        await asyncio.sleep(LATE_BY)
        # It may have ended meanwhile, by a timeout of its own for instance.
        await _unless_over(self._send)

    async def send_after_next(self) -> None:
        if await self._signals.next_arrived():
            self._injected()
        await _unless_over(self._send)


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


async def _unless_over(send: Send) -> None:
    """Send what the workflow may have ended without."""
    with suppress(RPCError):
        await send()
