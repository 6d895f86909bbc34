"""The service never serves more concurrent calls than its limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.files.wording import counted, times
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class ConcurrencyKept:
    """The service never serves more calls at once than the limit (SEM-001, RLW-002).

    Judged by the service's journal: a call is served from its arrival until it is answered or cut.

    Attributes:
        of: The operation.
        limit: How many concurrent calls are allowed.
        at_least: How many concurrent calls must occur, so that an application that does one thing after the other does
            not pass.

    Raises:
        UsageError: `at_least` is not from 1 to `limit`.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    of: Operation
    limit: int
    at_least: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.at_least <= self.limit:
            raise UsageError(
                f"ConcurrencyKept: at_least must be from 1 to limit, got {self.at_least} and limit={self.limit}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Count the calls that are being served whenever one arrives."""
        calls = evidence.calls_of(self.of.service, self.of.name)
        if len(calls) <= self.limit:
            yield cannot_tell(
                self, f"{self.of} was called {times(len(calls))}, too few to exceed a limit of {self.limit}."
            )
            return
        most = max(
            (
                [one for one in calls if one.at <= call.at and (one.ended_at is None or one.ended_at > call.at)]
                for call in calls
            ),
            key=len,
        )
        there = [f"{one.id} since {one.at:%H:%M:%S.%f}" for one in most]
        refs = [one.id for one in most]
        if len(most) > self.limit:
            title = f"{counted(len(most), 'concurrent call')} of {self.of}, expected at most {self.limit}."
            yield broken(self, title, detail=there, refs=refs)
        if len(most) < self.at_least:
            title = f"at most {counted(len(most), 'concurrent call')} of {self.of}, expected at least {self.at_least}."
            yield broken(self, title, detail=there, refs=refs)
