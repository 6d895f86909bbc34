"""The scenario workflow's history events, passed to triggers as the server records them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from harness.evidence.history import HistoryEvent

HistoryHook = Callable[[HistoryEvent], Awaitable[None]]


class HistoryFeed:
    """Passes each event of the scenario's workflow to triggers, a few milliseconds after the server recorded it.

    Attributes:
        so_far: The events of all its runs, in order.
        run: To which run the last of them belongs, from 1: continue-as-new and a retry begin another.
    """

    def __init__(self) -> None:
        self.so_far: list[HistoryEvent] = []
        self.run = 1
        self._hooks: list[HistoryHook] = []

    @contextmanager
    def watched(self, hook: HistoryHook) -> Iterator[None]:
        """Await `hook` for every history event from now on."""
        self._hooks.append(hook)
        try:
            yield
        finally:
            self._hooks.remove(hook)

    async def publish(self, event: HistoryEvent, *, run: int) -> None:
        """Await every hook, one after the other, with an event of the nth run."""
        self.run = run
        self.so_far.append(event)
        for hook in tuple(self._hooks):
            await hook(event)
