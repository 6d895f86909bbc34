"""In force from one numbered event of the workflow's history on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.errors import UsageError
from harness.history import HistoryEvent
from harness.stage import Stage, Target
from harness.trigger import Bounds, Switch


@dataclass(frozen=True, kw_only=True)
class AfterEvent:
    """In force once the history has come to the event of this number, a few milliseconds later.

    Attributes:
        id: The event's number, from 1.

    Raises:
        UsageError: There is no such number.
    """

    id: int

    def __post_init__(self) -> None:
        if self.id < 1:
            raise UsageError(f"after_event counts from 1, id={self.id} is no event.")

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, stage: Stage, *, on: Target, switch: Switch) -> AsyncIterator[None]:  # noqa: ARG002
        """Arm when the event was seen."""

        async def look(event: HistoryEvent) -> None:
            if event.id == self.id:
                await switch.arm()

        with stage.history.watched(look):
            yield
