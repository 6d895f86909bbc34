"""A history as a server returned it, decoded when somebody asks: most explored runs hold, and nobody reads theirs."""

from __future__ import annotations

from functools import cached_property

from temporalio.client import WorkflowHistory

from harness.evidence.history import Ending, History, HistoryEvent, read_history


class FetchedHistory(History):
    """Reads like any history; its events are decoded at the first look, and how it ended from its last event alone.

    Args:
        fetched: The server's.

    Attributes:
        fetched: The same, in the SDK's form.
    """

    def __init__(self, fetched: WorkflowHistory) -> None:
        # Frozen like every history: the events are set by nobody.
        vars(self).update(workflow_id=fetched.workflow_id, run_id=_run_id(fetched), fetched=fetched)

    fetched: WorkflowHistory

    @cached_property
    def events(self) -> tuple[HistoryEvent, ...]:
        """All events."""
        return self._read(self.fetched)

    @cached_property
    def outcome(self) -> Ending:
        """How it ended."""
        return self.cut().outcome

    def cut(self) -> History:
        """Return this history with its last event only."""
        return self._cut

    @cached_property
    def _cut(self) -> History:
        last = WorkflowHistory(self.workflow_id, self.fetched.events[-1:])
        return History(workflow_id=self.workflow_id, run_id=self.run_id, events=self._read(last))

    def _read(self, fetched: WorkflowHistory) -> tuple[HistoryEvent, ...]:
        if not fetched.events:
            return ()
        data = fetched.to_json_dict()
        return read_history(data, workflow_id=self.workflow_id, run_id=self.run_id).events


def _run_id(fetched: WorkflowHistory) -> str:
    return fetched.run_id if fetched.events else ""
