"""The event history of one execution, written in the order in which a Temporal server writes it.

While a worker has a workflow task, what happens meanwhile is kept back and written behind the task's own events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from harness.simulation.messages import timestamp
from harness.simulation.server.limits import EVENT_BYTES, EVENTS, HISTORY_BYTES
from harness.simulation.unmodelled import Unmodelled

LAST = frozenset(
    {
        *(f"activity_task_{how}" for how in ("completed", "failed", "timed_out", "canceled")),
        *(f"child_workflow_execution_{how}" for how in ("completed", "failed", "timed_out", "canceled", "terminated")),
    }
)
"""The events that come after all others that were kept back, so that what starts something comes before its end."""

STARTS = {"activity_task_started": "scheduled_event_id", "child_workflow_execution_started": "initiated_event_id"}
"""The events that others refer to as the start, with the field that says of what."""


class WrittenHistory:
    """Writes the events of one execution.

    Args:
        now: Returns the execution's time.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.events: list[HistoryEvent] = []
        self.size = 0
        self.keeps_back = False
        self._now = now
        self._kept: list[tuple[str, HistoryEvent]] = []
        self._started: dict[int, int] = {}

    @property
    def next_id(self) -> int:
        """The id of the event that is written next."""
        return len(self.events) + 1

    @property
    def has_kept(self) -> bool:
        """Whether something happened while a worker had a workflow task."""
        return bool(self._kept)

    def write(
        self, name: str, attributes: Mapping[str, Any] | Any, *, at: float | None = None, **fields: Any
    ) -> HistoryEvent:
        """Write an event now.

        Args:
            name: Its type, such as "timer_fired".
            attributes: Its attributes.
            at: When it happened; None for now.
            fields: Fields of the event itself.
        """
        return self._append(name, self.event(name, attributes, at=at, **fields))

    def write_event(self, event: HistoryEvent) -> None:
        """Write an event that was made before."""
        length = event.ByteSize()
        if length > EVENT_BYTES:
            raise Unmodelled("an event with more than 2 MB")
        self.events.append(event)
        self.size += length
        if len(self.events) > EVENTS or self.size > HISTORY_BYTES:
            raise Unmodelled(f"a history with more than {EVENTS} events or 4 MB")

    def arrived(self, name: str, attributes: Mapping[str, Any] | Any, *, at: float | None = None) -> bool:
        """Write an event that the workflow has not asked for at this moment; return whether it is written already.

        Args:
            name: Its type.
            attributes: Its attributes.
            at: When it happened; None for now.
        """
        event = self.event(name, attributes, at=at)
        if self.keeps_back:
            self._kept.append((name, event))
            return False
        self._append(name, event)
        return True

    def write_kept(self) -> bool:
        """Write what was kept back; return whether there was anything."""
        kept, self._kept = self._kept, []
        for name, event in sorted(kept, key=lambda one: one[0] in LAST):
            self._append(name, event)
        return bool(kept)

    def take_back_fired(self, timer_id: str) -> int:
        """Take back that a timer has fired, which the workflow did not know when it cancelled the timer.

        Returns:
            The id of the event at which it was started.
        """
        for place, (_, event) in enumerate(self._kept):
            if event.timer_fired_event_attributes.timer_id == timer_id:
                del self._kept[place]
                return int(event.timer_fired_event_attributes.started_event_id)
        raise Unmodelled(f"the cancellation of the timer {timer_id}, which does not run")

    def drop_kept(self) -> None:
        """Forget what was kept back: the execution has closed."""
        self._kept.clear()

    def event(
        self, name: str, attributes: Mapping[str, Any] | Any, *, at: float | None = None, **fields: Any
    ) -> HistoryEvent:
        """Return an event that is not written yet."""
        given: dict[str, Any] = {f"{name}_event_attributes": attributes, **fields}
        return HistoryEvent(
            event_time=timestamp(self._now() if at is None else at),
            event_type=EventType.Value(f"EVENT_TYPE_{name.upper()}"),
            **given,
        )

    def _append(self, name: str, event: HistoryEvent) -> HistoryEvent:
        event.event_id = self.next_id
        attributes = getattr(event, f"{name}_event_attributes")
        if name in STARTS:
            self._started[getattr(attributes, STARTS[name])] = event.event_id
        elif name in LAST:
            of = attributes.scheduled_event_id if name.startswith("activity") else attributes.initiated_event_id
            attributes.started_event_id = self._started.get(of, 0)
        self.write_event(event)
        return event
