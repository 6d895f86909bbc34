"""When a fault is in force: the contract of every trigger, and the plainest one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from types import NoneType
from typing import Protocol, runtime_checkable

from harness.testbed.testbed import Target, Testbed


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How often a fault must fire for a run to have tested what it declares.

    Attributes:
        at_least: Fewer firings prove nothing.
        at_most: More would be another fault than the declared one; None for no limit.
    """

    at_least: int = 1
    at_most: int | None = None

    def __str__(self) -> str:
        if self.at_most is None:
            return f"at least {self.at_least}"
        return f"exactly {self.at_least}" if self.at_least == self.at_most else f"{self.at_least} to {self.at_most}"


@dataclass(frozen=True, kw_only=True)
class Switch:
    """Arms and heals one fault. Both may be called at any time and return when it is so."""

    arm: Callable[[], Awaitable[None]]
    heal: Callable[[], Awaitable[None]]


@runtime_checkable
class Trigger(Protocol):
    """Decides when a fault is armed and when it is healed. A trigger is a value; what it watches is on the testbed."""

    def bounds(self, on: Target) -> Bounds:
        """How often a fault on this target must fire under this trigger."""

    def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AbstractAsyncContextManager[None]:
        """Watch the testbed for a fault on `on` until the context is left, arming and healing it when it is time."""


@dataclass(frozen=True, kw_only=True)
class AtStart:
    """Before the workflow starts, for the whole run."""

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:  # noqa: ARG002
        """Arm at once."""
        await switch.arm()
        yield


ALWAYS = AtStart()
"""The trigger of a fault that names none."""


_PLAIN = (str, bytes, int, float, timedelta, NoneType)


def values_in(part: object) -> Iterator[object]:
    """Yield the values in the fields of a fault, a trigger or an oracle, but for numbers, texts and times."""
    if isinstance(part, type) or not is_dataclass(part):
        return
    for one in fields(part):
        value = getattr(part, one.name)
        for each in value if isinstance(value, (tuple, list)) else (value,):
            # To ask whether they are a trigger takes longer than all else.
            if not isinstance(each, _PLAIN):
                yield each


def triggers_in(part: object) -> Iterator[Trigger]:
    """Yield the triggers in a fault, and those in them."""
    for value in values_in(part):
        if isinstance(value, Trigger) and not isinstance(value, type):
            yield value
            yield from triggers_in(value)
