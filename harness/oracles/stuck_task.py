"""A workflow task fails for a while: the workflow stays open, and goes on when the cause is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.errors import UsageError, unknown
from harness.events import WorkflowTaskStuck
from harness.evidence.evidence import Evidence
from harness.evidence.history import History
from harness.files.wording import listed, short
from harness.library_internals.protocol_names import task_failure_causes
from harness.oracle import broken
from harness.verdict import Finding


@dataclass(frozen=True, kw_only=True)
class StuckTask:
    """A workflow task fails with this cause. A scenario that expects it goes on where another ends as FAILED.

    A failing task does not end a workflow: the server retries it until it succeeds (ERR-006 to ERR-008, DET-005).

    Attributes:
        cause: Temporal's, such as "NON_DETERMINISTIC_ERROR" or "WORKFLOW_WORKER_UNHANDLED_FAILURE".
        text: What the failure's message must contain.
        heals: Whether a later task must succeed; if not, none may.

    Raises:
        UsageError: There is no such cause.
    """

    cause: str
    text: str = ""
    heals: bool = True

    def __post_init__(self) -> None:
        if self.cause not in task_failure_causes():
            raise UsageError(f"StuckTask: {unknown('cause', self.cause, task_failure_causes())}")

    def tolerates(self, stuck: WorkflowTaskStuck) -> bool:
        """Go on after this cause, and after attempts without one: the SDK reports only the first failing attempt."""
        return stuck.cause in {self.cause, "UNREPORTED"}

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look for the failing task, and for later tasks."""
        seen = evidence.of(WorkflowTaskStuck)
        meant = [one for one in seen if one.cause == self.cause and self.text in one.message]
        if not meant:
            yield broken(
                self,
                f"{_seen(seen)}, expected {self.cause}{f' with {short(self.text)}' if self.text else ''}.",
                detail=[f"seen: {one.cause}: {one.message}" for one in seen] or ["seen: no failure"],
            )
            return
        healed = any(_succeeded_after_failing(history) for history in evidence.histories)
        if healed != self.heals:
            what = "never succeeded later, expected success" if self.heals else "succeeded later, expected no success"
            yield broken(
                self,
                f"the workflow task that failed with {self.cause} {what}.",
                detail=[meant[-1].message],
                refs=[one.workflow_id for one in meant],
            )


def _seen(stuck: Sequence[WorkflowTaskStuck]) -> str:
    if not stuck:
        return "no workflow task failed"
    return f"a workflow task failed with {listed(dict.fromkeys(f'{one.cause}: {one.message}' for one in stuck), 1)}"


def _succeeded_after_failing(history: History) -> bool:
    failed = [event.id for event in history.of_type("WorkflowTaskFailed")]
    succeeded = [event.id for event in history.of_type("WorkflowTaskCompleted")]
    return bool(failed) and max(succeeded, default=0) > max(failed)
