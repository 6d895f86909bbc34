"""The one stream of a run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock, get_ident

from harness.events import Event


class Stream:
    """The one stream of a run: what is emitted is kept, and handed to every listener, in order.

    Any thread may emit. Listeners are called in the thread that made the stream, since they touch its event loop:
    at once when that thread emits, else as soon as its loop comes round.
    """

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._listeners: list[Callable[[Event], object]] = []
        self._handed_out = 0
        self._lock = Lock()
        self._thread = get_ident()
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None

    @property
    def events(self) -> tuple[Event, ...]:
        """All events so far, in the order in which they were emitted; each has been handed to the listeners."""
        if get_ident() == self._thread:
            self._hand_out()
        with self._lock:
            return tuple(self._events)

    def emit(self, event: Event) -> None:
        """Record an event and hand it to every listener."""
        with self._lock:
            self._events.append(event)
        if not self._listeners:
            return
        if get_ident() == self._thread:
            self._hand_out()
        elif self._loop is not None:
            # A loop that is closed has nobody left to listen.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        while self._handed_out < len(self._events):
            event = self._events[self._handed_out]
            self._handed_out += 1
            for listener in tuple(self._listeners):
                listener(event)

    def emit_all(self, events: Iterable[Event]) -> None:
        """Record several events, in order."""
        for event in events:
            self.emit(event)

    def listen(self, listener: Callable[[Event], object]) -> Callable[[], None]:
        """Hand every event from now on to `listener`; call what is returned to end that."""
        # What was emitted before is for those who listened then.
        self._hand_out()
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
