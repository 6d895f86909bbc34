"""The service never serves more calls at once than it should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.errors import UsageError
from harness.evidence.evidence import Evidence
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class ConcurrencyKept:
    """At no moment are more calls at the service than the limit (SEM-001, RLW-002).

    Judged by the service's journal: a call is there from its arrival until it is answered or cut.

    Attributes:
        of: The operation.
        limit: How many at once.
        at_least: How many must have been there at once at some moment, lest an application pass that does one thing
            after the other.

    Raises:
        UsageError: No such limit can be.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    of: Operation
    limit: int
    at_least: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.at_least <= self.limit:
            raise UsageError(f"concurrency_kept cannot judge by {self.at_least} to {self.limit} calls at once.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Count the calls that are there whenever one arrives."""
        calls = evidence.calls_of(self.of.service, self.of.name)
        if len(calls) <= self.limit:
            yield cannot_tell(self, f"{self.of} was called {len(calls)} times; {self.limit} in all break no limit.")
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
            title = f"{len(most)} calls of {self.of} were there at once, at most {self.limit} are allowed."
            yield broken(self, title, detail=there, refs=refs)
        if len(most) < self.at_least:
            title = f"no more than {len(most)} calls of {self.of} were there at once, expected {self.at_least}."
            yield broken(self, title, detail=there, refs=refs)
