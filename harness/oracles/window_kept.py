"""A workflow has N concurrent children: never more, and never fewer while others are still to start."""

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

ENDS = frozenset(
    {
        "StartChildWorkflowExecutionFailed",
        *(f"ChildWorkflowExecution{how}" for how in ("Completed", "Failed", "Canceled", "TimedOut", "Terminated")),
    }
)


@dataclass(frozen=True, kw_only=True)
class WindowKept:
    """A window of children is not exceeded, and is filled again as soon as one of them has ended (CHW-010, CHW-011).

    Judged by the workflow's own history, run by run, after each of its tasks. Batches are not a window: the children of
    the next batch wait for the slowest of this one.

    Attributes:
        at_once: How many children run at once, as long as others are still to start in the same run.

    Raises:
        UsageError: `at_once` is not positive.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    at_once: int

    def __post_init__(self) -> None:
        if self.at_once < 1:
            raise UsageError(f"WindowKept: at_once must be >= 1, got {self.at_once}.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Count the children that run after each workflow task."""
        runs = evidence.runs
        asked = max((len(one.of_type("StartChildWorkflowExecutionInitiated")) for one in runs), default=0)
        if asked <= self.at_once:
            yield cannot_tell(
                self,
                f"no run requested more than {counted(asked, 'child', 'children')}, too few to exceed {self.at_once}.",
            )
            return
        counts = [(number, *each) for number, run in enumerate(runs, start=1) for each in _after_each_task(run)]
        for wrong, worst in (
            ([one for one in counts if one[2] > self.at_once], max),
            ([one for one in counts if one[2] < self.at_once and one[3]], min),
        ):
            if wrong:
                number = worst(one[2] for one in wrong)
                yield broken(
                    self,
                    f"{counted(number, 'child', 'children')} ran at once, expected {self.at_once}: wrong after "
                    f"{counted(len(wrong), 'workflow task')}.",
                    detail=[
                        f"run {run}, event {task}: {open_} running, {to_come} to start"
                        for run, task, open_, to_come in wrong
                    ],
                )


def _after_each_task(run: History) -> Iterator[tuple[int, int, int]]:
    """For each completed workflow task: its event, how many children ran then, and how many were still to start."""
    by = [
        int(one.attributes["workflowTaskCompletedEventId"])
        for one in run.of_type("StartChildWorkflowExecutionInitiated")
    ]
    ended = [one.id for one in run.events if one.type in ENDS]
    for task in run.of_type("WorkflowTaskCompleted"):
        begun = sum(event <= task.id for event in by)
        yield task.id, begun - sum(event < task.id for event in ended), len(by) - begun
