"""In force from an event of the workflow's history on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.errors import UsageError
from harness.evidence.history import HistoryEvent
from harness.library_internals.protocol_names import event_type_problem
from harness.testbed.testbed import Target, Testbed
from harness.trigger import Bounds, Switch


@dataclass(frozen=True, kw_only=True)
class OnEvent:
    """In force a few milliseconds after the nth event of a type was recorded in the history.

    The workflow does not wait for it: what follows the event at once may be over before the fault is in force.

    Attributes:
        type: An event type in Temporal's spelling, such as "ActivityTaskCompleted".
        nth: Which one of that type, from 1.

    Raises:
        UsageError: `nth` is not positive, or there is no such type.
    """

    type: str
    nth: int = 1

    def __post_init__(self) -> None:
        if self.nth < 1:
            raise UsageError(f"OnEvent: nth must be >= 1, got {self.nth}.")
        problem = event_type_problem(self.type)
        if problem:
            raise UsageError(f"OnEvent: {problem}")

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:  # noqa: ARG002
        """Arm when the event was seen."""
        counted = 0

        async def look(event: HistoryEvent) -> None:
            nonlocal counted
            counted += event.type == self.type
            if counted == self.nth and event.type == self.type:
                await switch.arm()

        with testbed.history.watched(look):
            yield
