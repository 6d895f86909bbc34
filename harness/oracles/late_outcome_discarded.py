"""An attempt that has been replaced by the next one changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from harness.events import AttemptEnded, AttemptStarted, EffectApplied, EffectUndone
from harness.evidence.evidence import Evidence
from harness.library_internals.activity_definition import Named, activity_name
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm
from harness.workers.failpoints import SeesInside

ENDS = ("ActivityTaskCompleted", "ActivityTaskFailed", "ActivityTaskTimedOut", "ActivityTaskCanceled")


@dataclass(frozen=True, kw_only=True)
class LateOutcomeDiscarded(SeesInside):
    """An attempt that ends after the next one began has no outcome and no effect (HB-006, TMO-007).

    Attributes:
        activity: The activity: the function, the method, or its type.
        operations: The operations that only this activity calls. Once one attempt has decided the activity, their
            effects come from a late attempt; a repeated commit is no effect.
    """

    harm: ClassVar[Harm] = Harm.EFFECTS

    activity: Named
    operations: Sequence[Operation] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "activity", activity_name(self.activity))

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Find the late attempts, the attempts that decided instead, and the later effects."""
        late = list(self._late(evidence))
        if not late:
            yield cannot_tell(
                self, f"no attempt of {self.activity} ended after the next one began, so nothing can be judged."
            )
        for ended in late:
            decided_by = _decider(evidence, ended)
            if decided_by is None:
                yield cannot_tell(
                    self, f"activity {ended.activity_id} ({self.activity}) was still open at the end of the run."
                )
                continue
            late_one = f"attempt {ended.attempt} of {self.activity}"
            if decided_by == ended.attempt:
                yield broken(
                    self,
                    f"{late_one} ended after the next one began, and its outcome was accepted.",
                    refs=[ended.workflow_id],
                )
            decided_at = next((one.at for one in self._ended(evidence, ended) if one.attempt == decided_by), None)
            if decided_at is None:
                continue
            for effect in self._effects(evidence, after=decided_at, until=ended.at):
                yield broken(
                    self,
                    f"{effect.service}.{effect.operation} took effect through {late_one}, "
                    "which the next attempt had replaced.",
                    detail=[
                        f"{effect.call}, key {effect.key}, at {effect.at:%H:%M:%S.%f}",
                        f"attempt {decided_by} had ended at {decided_at:%H:%M:%S.%f}",
                    ],
                    refs=[effect.call],
                )

    def _late(self, evidence: Evidence) -> Iterator[AttemptEnded]:
        for ended in evidence.of(AttemptEnded):
            followed = (
                event.at
                for event in evidence.of(AttemptStarted)
                if (event.workflow_id, event.activity_id) == (ended.workflow_id, ended.activity_id)
                and event.attempt > ended.attempt
            )
            if ended.activity == self.activity and any(at < ended.at for at in followed):
                yield ended

    def _ended(self, evidence: Evidence, like: AttemptEnded) -> Iterator[AttemptEnded]:
        for event in evidence.of(AttemptEnded):
            if (event.workflow_id, event.activity_id) == (like.workflow_id, like.activity_id):
                yield event

    def _effects(
        self, evidence: Evidence, *, after: datetime, until: datetime
    ) -> Iterator[EffectApplied | EffectUndone]:
        own = {(one.service, one.name) for one in self.operations}
        for event in evidence.events:
            if not isinstance(event, EffectApplied | EffectUndone) or not after < event.at <= until:
                continue
            if (event.service, event.operation) in own:
                yield event


def _decider(evidence: Evidence, ended: AttemptEnded) -> int | None:
    """The attempt that decided the activity, from the history; 0 when a timeout decided."""
    for history in evidence.histories:
        if history.workflow_id != ended.workflow_id:
            continue
        scheduled = {
            str(event.id)
            for event in history.of_type("ActivityTaskScheduled")
            if event.attributes.get("activityId") == ended.activity_id
        }
        started = {
            str(event.attributes.get("scheduledEventId")): int(event.attributes.get("attempt", 1))
            for event in history.of_type("ActivityTaskStarted")
        }
        for event in history.events:
            at = str(event.attributes.get("scheduledEventId"))
            if event.type in ENDS and at in scheduled:
                return 0 if event.type == "ActivityTaskTimedOut" else started.get(at, 0)
    return None
