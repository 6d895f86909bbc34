"""In force from the nth call on, that call included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.errors import UsageError
from harness.services.operation import Call, Operation
from harness.testbed.testbed import Target, Testbed
from harness.trigger import Bounds, Switch


@dataclass(frozen=True, kw_only=True)
class FromCall:
    """In force once the nth call has reached the target: armed before that call is served.

    Attributes:
        n: Which call, from 1.
        of: Which operation's calls are counted; None for the fault's own target.

    Raises:
        UsageError: `n` is not positive.
    """

    n: int
    of: Operation | None = None

    def __post_init__(self) -> None:
        if self.n < 1:
            raise UsageError(f"FromCall: n must be >= 1, got {self.n}.")

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:
        """Arm when the nth call has arrived, before it is served."""
        counted = 0

        async def count(_call: Call) -> None:
            nonlocal counted
            counted += 1
            if counted == self.n:
                await switch.arm()

        target = self.of or on
        operation = target if isinstance(target, Operation) else None
        with testbed.fake(target).watched(operation, count):
            yield
