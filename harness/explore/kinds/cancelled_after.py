"""The workflow is asked to cancel after an event."""

from __future__ import annotations

from dataclasses import dataclass

from harness.evidence.calls import CallPlace
from harness.explore.kind import FaultKind, Task


@dataclass(frozen=True, kw_only=True)
class CancelledAfter(FaultKind):
    """The request to cancel is the next event that the workflow receives after this one."""

    order = 50
    # More than `cancelled`: a finding at a call says more to its reader than one at an event.
    harm = 6
    formerly = "cancelled-after"
    sentence = (
        "was the last event that the workflow received before it was asked to cancel; nothing it called then had begun"
    )
    places = frozenset({CallPlace.EVENT})
    cancels = True

    def in_task(self, task: Task) -> None:
        """Ask before the workflow receives anything else."""
        task.cancel()
