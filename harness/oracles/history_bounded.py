"""No run's history grows beyond a given size, however long the workflow runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.evidence.history import History
from harness.files.wording import counted
from harness.oracle import broken, cannot_tell
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class HistoryBounded:
    """Each run of the workflow keeps its history below these bounds (HIS-002, HIS-003, HIS-004).

    Attributes:
        events: How many events a run may have at most; None for no limit.
        size: How many bytes, as the server counts them at each workflow task; None for no limit.

    Raises:
        UsageError: No limit is given, or one is not positive.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    events: int | None = None
    size: int | None = None

    def __post_init__(self) -> None:
        given = [one for one in (self.events, self.size) if one is not None]
        if not given or min(given) < 1:
            raise UsageError(
                f"HistoryBounded: give events, size or both, each positive; got events={self.events} and "
                f"size={self.size}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Measure the history of every run."""
        runs = evidence.runs
        if not runs:
            yield cannot_tell(self, "the run has no history, so nothing can be judged.")
        for number, run in enumerate(runs, start=1):
            size = _size(run)
            if self.events is not None and len(run.events) > self.events:
                yield self._beyond(run, number, counted(len(run.events), "event"), self.events)
            if self.size is not None and size is None:
                yield cannot_tell(self, f"no workflow task of run {number} records the size of its history.")
            elif self.size is not None and size is not None and size > self.size:
                yield self._beyond(run, number, counted(size, "byte"), self.size)

    def _beyond(self, run: History, number: int, seen: str, bound: int) -> Finding:
        return broken(
            self,
            f"the history of run {number} has {seen}, expected at most {bound}.",
            detail=[f"it ended as {run.outcome.status}"],
            refs=[run.run_id],
        )


def _size(run: History) -> int | None:
    """The size at the last workflow task that was started; later events are not counted."""
    sizes = [int(event.attributes.get("historySizeBytes", 0)) for event in run.of_type("WorkflowTaskStarted")]
    return max(sizes, default=0) or None
