"""In force from one trigger's moment to another's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.testbed.testbed import Target, Testbed
from harness.trigger import Bounds, Switch, Trigger


@dataclass(frozen=True, kw_only=True)
class Window:
    """In force from when `opens` would arm the fault until `closes` would.

    Window(opens=FromCall(n=2), closes=FromCall(n=4)) is in force for the calls 2 and 3. What has closed does not open
    any more: a window that closes before it opens, or at the same moment, is never in force.
    """

    opens: Trigger
    closes: Trigger

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:
        """Arm at the one moment, heal at the other."""
        closed = False

        async def open_() -> None:
            if not closed:
                await switch.arm()

        async def close() -> None:
            nonlocal closed
            closed = True
            await switch.heal()

        async def nothing() -> None:
            pass

        async with (
            self.closes.attach(testbed, on=on, switch=Switch(arm=close, heal=nothing)),
            self.opens.attach(testbed, on=on, switch=Switch(arm=open_, heal=nothing)),
        ):
            yield
