"""An operation is called the expected number of times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.files.wording import counted
from harness.oracle import broken
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """Counts the calls at the fake: the history does not record attempts that were retried (ERR-010).

    Attributes:
        of: Which operation.
        count: How many calls, over the whole run.

    Raises:
        UsageError: `count` is negative.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    of: Operation
    count: int

    def __post_init__(self) -> None:
        if self.count < 0:
            raise UsageError(f"Attempts: count must be >= 0, got {self.count} for {self.of}.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with the journal."""
        calls = evidence.calls_of(self.of.service, self.of.name)
        if len(calls) != self.count:
            yield broken(
                self,
                f"{counted(len(calls), 'call')} of {self.of}, expected {self.count}.",
                detail=[f"{call.id} at {call.at:%H:%M:%S.%f}: {call.status or call.unanswered}" for call in calls],
                refs=[call.id for call in calls],
            )
