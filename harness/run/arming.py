"""What is armed is healed: faults as their triggers arm them, in reverse order on every way out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from harness.events import FaultArmed, FaultHealed
from harness.fault import Fault
from harness.testbed.testbed import Testbed
from harness.trigger import Switch


@asynccontextmanager
async def armed(faults: Mapping[str, Fault], testbed: Testbed) -> AsyncIterator[None]:
    """Have every fault armed and healed as its trigger says, by its name, and healed when the context is left."""
    async with AsyncExitStack() as stack:
        for name, fault in faults.items():
            armable = _Armable(fault, name=name, testbed=testbed)
            stack.push_async_callback(armable.heal)
            switch = Switch(arm=armable.arm, heal=armable.heal)
            await stack.enter_async_context(fault.when.attach(testbed, on=fault.on, switch=switch))
        yield


class _Armable:
    """A fault that can be armed and healed in any order and as often as its trigger likes."""

    def __init__(self, fault: Fault, *, name: str, testbed: Testbed) -> None:
        self._fault = fault
        self._name = name
        self._stage = testbed
        self._lock = asyncio.Lock()
        self._armed: AbstractAsyncContextManager[None] | None = None

    async def arm(self) -> None:
        async with self._lock:
            if self._armed is not None:
                return
            armed = self._fault.arm(self._stage, name=self._name)
            await armed.__aenter__()
            self._armed = armed
            self._stage.stream.emit(FaultArmed(fault=self._name))

    async def heal(self) -> None:
        async with self._lock:
            armed, self._armed = self._armed, None
            if armed is None:
                return
            await armed.__aexit__(None, None, None)
            self._stage.stream.emit(FaultHealed(fault=self._name))
