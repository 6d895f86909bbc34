"""A history as a server returned it, read only when an oracle or a report needs it: most explored runs need none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from temporalio.api.history.v1 import HistoryEvent as RecordedEvent
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter

from harness.errors import HarnessError
from harness.evidence.history import Ending, History, HistoryEvent, read_history
from harness.temporal.codec import readable


class FetchedHistory(History):
    """Reads like any history; its events are read at first use, and how it ended from its last event alone.

    Args:
        fetched: The server's.
        decoded: Its events with payloads that need no codec or converter; None where those of the server need none.

    Attributes:
        fetched: The history as the server returned it, in the SDK's form, for a replay.
    """

    def __init__(self, fetched: WorkflowHistory, decoded: Sequence[RecordedEvent] | None = None) -> None:
        # Frozen like every history: its fields cannot be assigned.
        vars(self).update(workflow_id=fetched.workflow_id, run_id=_run_id(fetched), fetched=fetched, _decoded=decoded)

    def __eq__(self, other: object) -> bool:
        """Whether it says the same as another history, wherever that one was read."""
        if not isinstance(other, History):
            return NotImplemented
        return (self.workflow_id, self.run_id, self.events) == (other.workflow_id, other.run_id, other.events)

    def __hash__(self) -> int:
        return hash((self.workflow_id, self.run_id))

    fetched: WorkflowHistory
    _decoded: Sequence[RecordedEvent] | None

    @property
    def decoded_events(self) -> Sequence[RecordedEvent] | None:
        """The events with decoded payloads, if they differ from the server's."""
        return self._decoded

    @property
    def decoded(self) -> dict[str, Any] | None:
        """The JSON form with decoded payloads, if it differs from the server's."""
        return None if self._decoded is None else WorkflowHistory(self.workflow_id, self._decoded).to_json_dict()

    @property
    def _recorded(self) -> Sequence[RecordedEvent]:
        return self.fetched.events if self._decoded is None else self._decoded

    @cached_property
    def events(self) -> tuple[HistoryEvent, ...]:
        """All events."""
        return self._read(self._recorded)

    @cached_property
    def outcome(self) -> Ending:
        """How it ended."""
        return self.cut().outcome

    def cut(self) -> History:
        """Return this history with its last event only."""
        return self._cut

    @cached_property
    def _cut(self) -> History:
        return History(workflow_id=self.workflow_id, run_id=self.run_id, events=self._read(self._recorded[-1:]))

    def _read(self, events: Sequence[RecordedEvent]) -> tuple[HistoryEvent, ...]:
        if not events:
            return ()
        data = WorkflowHistory(self.workflow_id, events).to_json_dict()
        return read_history(data, workflow_id=self.workflow_id, run_id=self.run_id).events


def _run_id(fetched: WorkflowHistory) -> str:
    return fetched.run_id if fetched.events else ""


async def fetched_histories(
    histories: Iterable[WorkflowHistory], converter: DataConverter, *, broken: Callable[[str], None]
) -> list[FetchedHistory]:
    """Decode histories with the application's data converter.

    Args:
        histories: The server's.
        converter: The application's.
        broken: Receives the error of a converter that cannot read one; that history is kept as it is.
    """
    found = []
    for history in histories:
        try:
            decoded = await readable(history.events, converter)
        except HarnessError as error:
            broken(str(error))
            decoded = history.events
        found.append(FetchedHistory(history, None if decoded is history.events else decoded))
    return found
