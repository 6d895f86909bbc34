"""The histories of an explored run, read when somebody asks: most runs hold, and nobody looks at what they did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import overload

from temporalio.client import WorkflowHistory

from harness.evidence.history import Ending, History, Status, read_history


class Histories(Sequence[History]):
    """Histories as plain data, made of the server's when the first is asked for.

    Args:
        fetched: The server's.
    """

    def __init__(self, fetched: Iterable[WorkflowHistory]) -> None:
        self._fetched = tuple(fetched)

    @cached_property
    def _read(self) -> tuple[History, ...]:
        return tuple(
            read_history(one.to_json_dict(), workflow_id=one.workflow_id, run_id=one.run_id) for one in self._fetched
        )

    @overload
    def __getitem__(self, index: int) -> History: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[History, ...]: ...

    def __getitem__(self, index: int | slice) -> History | tuple[History, ...]:
        """Return one, or several."""
        return self._read[index]

    def __len__(self) -> int:
        """How many there are, which is known without reading any."""
        return len(self._fetched)


def outcome(history: WorkflowHistory) -> Ending:
    """Return how a workflow ended, of which its last event tells everything."""
    if not history.events:
        return Ending(status=Status.RUNNING)
    last = WorkflowHistory(workflow_id=history.workflow_id, events=history.events[-1:])
    return read_history(last.to_json_dict(), workflow_id=history.workflow_id, run_id="").outcome
