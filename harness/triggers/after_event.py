"""In force from one numbered event of the workflow's history on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.errors import UsageError
from harness.evidence.history import HistoryEvent
from harness.testbed.testbed import Target, Testbed
from harness.trigger import Bounds, Switch


@dataclass(frozen=True, kw_only=True)
class AfterEvent:
    """In force once the history of one run of the workflow has come to the event of this number.

    That is a few milliseconds after the event was recorded.

    Attributes:
        id: The event's number, from 1. Each run numbers its events from 1.
        run: Which run of the workflow, from 1: continue-as-new and a retry begin another.

    Raises:
        UsageError: There is no such number; every problem at once.
    """

    id: int
    run: int = 1

    def __post_init__(self) -> None:
        problems = tuple(self._problems())
        if problems:
            raise UsageError(*problems)

    def _problems(self) -> Iterator[str]:
        if self.id < 1:
            yield f"AfterEvent: id must be >= 1, got {self.id}."
        if self.run < 1:
            yield f"AfterEvent: run must be >= 1, got {self.run}."

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:  # noqa: ARG002
        """Arm when the event was seen."""

        async def look(event: HistoryEvent) -> None:
            if (testbed.history.run, event.id) == (self.run, self.id):
                await switch.arm()

        with testbed.history.watched(look):
            yield
