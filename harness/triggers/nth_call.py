"""In force for the nth call alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.errors import UsageError
from harness.events import CallAnswered, CallUnanswered
from harness.services.operation import Call, Operation
from harness.testbed.testbed import Target, Testbed, service_of
from harness.trigger import Bounds, Switch


@dataclass(frozen=True, kw_only=True)
class NthCall:
    """In force from when the nth call has reached the target until the next call of its service has.

    A fault on the wire stays in force while the nth call is unanswered, even when other calls arrive: it would miss the
    answer otherwise.

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
            raise UsageError(f"NthCall: n must be >= 1, got {self.n}.")

    def bounds(self, on: Target) -> Bounds:
        """Exactly once for a fault on the very operation whose calls are counted; else at least once."""
        same = isinstance(on, Operation) and self.of in {None, on}
        return Bounds(at_least=1, at_most=1) if same else Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:
        """Arm when the nth call has arrived, and heal when another has, each before it is served."""
        target = self.of or on
        wanted = target.name if isinstance(target, Operation) else None
        counted, met = 0, ""

        async def count(call: Call) -> None:
            nonlocal counted, met
            if met and (isinstance(on, Operation) or _is_over(met, testbed)):
                met = ""
                await switch.heal()
            if wanted in {None, call.operation}:
                counted += 1
                if counted == self.n:
                    met = call.id
                    await switch.arm()

        with testbed.fake(service_of(target)).watched(None, count):
            yield


def _is_over(call: str, testbed: Testbed) -> bool:
    ends = (one for one in testbed.stream.events if isinstance(one, CallAnswered | CallUnanswered))
    return any(one.call == call for one in ends)
