"""Every history of the run replays against the same code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.events import Replayed
from harness.evidence.evidence import Evidence
from harness.evidence.history import History
from harness.files.wording import and_more, cut
from harness.oracle import broken, cannot_tell
from harness.verdict import Finding


@dataclass(frozen=True, kw_only=True)
class ReplaysCleanly:
    """The workflow code issues the same commands again. Judges every run, whether declared or not (DET claims)."""

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look at the result of each replay."""
        replays = evidence.of(Replayed)
        if not replays and (not evidence.histories or any(map(_has_decided, evidence.histories))):
            yield cannot_tell(self, "no history was replayed.")
            return
        replayed = {(one.workflow_id, one.run_id) for one in replays}
        for history in evidence.histories:
            if (history.workflow_id, history.run_id) not in replayed and _has_decided(history):
                yield cannot_tell(self, f"the history of {history.workflow_id} {history.run_id} was not replayed.")
        for one in replays:
            if one.unjudged:
                yield cannot_tell(self, f"the history of {one.workflow_id} was not replayed to its end: {one.unjudged}")
            elif one.error is not None:
                yield broken(
                    self,
                    f"the history of {one.workflow_id} does not replay against the same code: {cut(one.error, 150)}",
                    detail=[one.error],
                    refs=[f"{one.workflow_id} {one.run_id}"],
                )
            elif one.drifts:
                yield broken(
                    self,
                    f"the history of {one.workflow_id} replays with other commands: "
                    f"{cut(one.drifts[0], 150)}{and_more(one.drifts)}.",
                    detail=one.drifts,
                    refs=[f"{one.workflow_id} {one.run_id}"],
                )


def _has_decided(history: History) -> bool:
    """Whether a workflow task completed: without one there is nothing to replay."""
    return bool(history.of_type("WorkflowTaskCompleted"))
