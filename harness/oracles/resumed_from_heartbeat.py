"""A retry goes on from the last heartbeat that reached the server, and does not begin again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.events import AttemptStarted, Heartbeat
from harness.evidence.evidence import Evidence
from harness.library_internals.activity_definition import Named, activity_name
from harness.oracle import broken, cannot_tell
from harness.verdict import Finding, Harm
from harness.workers.failpoints import SeesInside


@dataclass(frozen=True, kw_only=True)
class ResumedFromHeartbeat(SeesInside):
    """The first heartbeat of each retry is not before the checkpoint that the retry received (HB-002, HB-003, HB-005).

    A retry receives the last heartbeat that reached the server, which may be before the last one that was called.

    Attributes:
        activity: The activity: the function, the method, or its type.
        field: Which field of a heartbeat's first value is the checkpoint, a number that grows; None if it is the
            value itself.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    activity: Named
    field: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "activity", activity_name(self.activity))

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare each retry's first heartbeat with the checkpoint that it received."""
        compared = 0
        for attempt in evidence.of(AttemptStarted):
            given = self._checkpoint(attempt.resumes_from)
            if attempt.activity != self.activity or given is None:
                continue
            first = self._first_of(attempt, evidence)
            if first is None:
                continue
            compared += 1
            if first < given:
                yield broken(
                    self,
                    f"attempt {attempt.attempt} of {self.activity} began at {first:g}, "
                    f"expected at least its checkpoint {given:g}.",
                    detail=[f"its first heartbeat has {first:g}", f"it received {attempt.resumes_from!r}"],
                    refs=[f"{attempt.workflow_id} activity {attempt.activity_id} attempt {attempt.attempt}"],
                )
        if not compared:
            yield cannot_tell(self, f"no attempt of {self.activity} received a checkpoint and then heartbeated.")

    def _first_of(self, attempt: AttemptStarted, evidence: Evidence) -> float | None:
        of = attempt.workflow_id, attempt.activity_id, attempt.attempt
        own = (
            self._checkpoint(beat.details)
            for beat in evidence.of(Heartbeat)
            if (beat.workflow_id, beat.activity_id, beat.attempt) == of
        )
        return next((one for one in own if one is not None), None)

    def _checkpoint(self, details: Any) -> float | None:
        value = details
        if self.field is not None:
            value = details.get(self.field) if isinstance(details, Mapping) else None
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
