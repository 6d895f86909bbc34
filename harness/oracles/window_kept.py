"""A workflow has so many children open at once: never more, and never fewer while there are others to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.evidence.history import History
from harness.oracle import broken, cannot_tell
from harness.verdict import Finding, Harm

ENDS = frozenset(
    {
        "StartChildWorkflowExecutionFailed",
        *(f"ChildWorkflowExecution{how}" for how in ("Completed", "Failed", "Canceled", "TimedOut", "Terminated")),
    }
)


@dataclass(frozen=True, kw_only=True)
class WindowKept:
    """A window of children is not exceeded, and is filled again as soon as one of them has ended (CHW-010, CHW-011).

    Judged by the workflow's own history, run by run, after each of its tasks. Batches are no window: there the children
    of the next one wait for the slowest of this.

    Attributes:
        at_once: How many may be open at once, and are while more are to come in the same run.

    Raises:
        UsageError: No such window can be.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    at_once: int

    def __post_init__(self) -> None:
        if self.at_once < 1:
            raise UsageError(f"window_kept cannot judge a window of {self.at_once} children.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Count the children that are open after each workflow task."""
        runs = evidence.runs
        asked = max((len(one.of_type("StartChildWorkflowExecutionInitiated")) for one in runs), default=0)
        if asked <= self.at_once:
            yield cannot_tell(
                self, f"no run asked for more than {asked} children; a window of {self.at_once} has them all."
            )
            return
        counts = [(number, *each) for number, run in enumerate(runs, start=1) for each in _after_each_task(run)]
        for too, wrong in (
            ("many", [one for one in counts if one[2] > self.at_once]),
            ("few", [one for one in counts if one[2] < self.at_once and one[3]]),
        ):
            if wrong:
                yield broken(
                    self,
                    f"too {too} children were open after {len(wrong)} workflow tasks, expected {self.at_once}.",
                    detail=[
                        f"run {run}, event {task}: {open_} open, {to_come} to come"
                        for run, task, open_, to_come in wrong
                    ],
                )


def _after_each_task(run: History) -> Iterator[tuple[int, int, int]]:
    """For each completed workflow task: its event, how many children were then open, and how many were yet to come."""
    by = [
        int(one.attributes["workflowTaskCompletedEventId"])
        for one in run.of_type("StartChildWorkflowExecutionInitiated")
    ]
    ended = [one.id for one in run.events if one.type in ENDS]
    for task in run.of_type("WorkflowTaskCompleted"):
        begun = sum(event <= task.id for event in by)
        yield task.id, begun - sum(event < task.id for event in ended), len(by) - begun
