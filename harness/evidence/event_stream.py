"""The one stream of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from harness.events import Event


class Stream:
    """The one stream of a run: what is emitted is kept, and handed to every listener, in order."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._listeners: list[Callable[[Event], None]] = []

    @property
    def events(self) -> tuple[Event, ...]:
        """All events so far, in the order in which they were emitted."""
        return tuple(self._events)

    def emit(self, event: Event) -> None:
        """Record an event and tell every listener."""
        self._events.append(event)
        for listener in tuple(self._listeners):
            listener(event)

    def emit_all(self, events: Iterable[Event]) -> None:
        """Record several events, in order."""
        for event in events:
            self.emit(event)

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Hand every event from now on to `listener`; call what is returned to end that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
