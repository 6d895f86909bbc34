"""In force for the first n calls, and healed before the next one is served."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.errors import UsageError
from harness.services.operation import Call, Operation
from harness.testbed.testbed import Target, Testbed
from harness.trigger import Bounds, Switch


@dataclass(frozen=True, kw_only=True)
class FirstCalls:
    """In force for the first `n` calls that reach the target.

    Attributes:
        n: How many calls.
        of: Which operation's calls are counted; None for the fault's own target.

    Raises:
        UsageError: `n` is not positive.
    """

    n: int
    of: Operation | None = None

    def __post_init__(self) -> None:
        if self.n < 1:
            raise UsageError(f"FirstCalls: n must be >= 1, got {self.n}.")

    def bounds(self, on: Target) -> Bounds:
        """Exactly `n` for a fault on the very operation whose calls are counted; else at least once."""
        same = isinstance(on, Operation) and self.of in {None, on}
        return Bounds(at_least=self.n, at_most=self.n) if same else Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:
        """Arm at once; heal when call n + 1 has arrived, before it is served."""
        counted = 0

        async def count(_call: Call) -> None:
            nonlocal counted
            counted += 1
            if counted == self.n + 1:
                await switch.heal()

        target = self.of or on
        operation = target if isinstance(target, Operation) else None
        await switch.arm()
        with testbed.fake(target).watched(operation, count):
            yield
