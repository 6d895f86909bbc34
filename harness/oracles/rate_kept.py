"""No time window has more calls than the service's limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from harness.errors import UsageError
from harness.events import AttemptStarted, LimitExceeded
from harness.evidence.evidence import CallRecord, Evidence
from harness.files.wording import counted, times
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm


@dataclass(frozen=True, kw_only=True)
class RateKept:
    """No window of this length has more calls than the limit, whenever it begins (TBK-002, SLW-001).

    Judged by the service's journal, every attempt counted, and by the calls that the service itself refused. On a clock
    that skips, by the workflow's time; calls of several workflows then have no common time.

    Attributes:
        of: The operation that is limited.
        limit: How many calls a window may have.
        per: How long a window is.
        at_least: How many calls the fullest window must have, so that an application that is needlessly slow does not
            pass.

    Raises:
        UsageError: `limit` or `per` is not positive, or `at_least` is not from 1 to `limit`.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    of: Operation
    limit: int
    per: timedelta
    at_least: int = 1

    def __post_init__(self) -> None:
        if self.limit < 1 or self.per <= timedelta(0) or not 1 <= self.at_least <= self.limit:
            raise UsageError(
                "RateKept: limit and per must be positive and at_least from 1 to limit, got "
                f"limit={self.limit}, per={self.per.total_seconds():g} s, at_least={self.at_least}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look at the window behind each call."""
        calls = sorted(evidence.calls_of(self.of.service, self.of.name), key=_moment)
        if len(calls) <= self.limit:
            yield cannot_tell(
                self, f"{self.of} was called {times(len(calls))}, too few to exceed a limit of {self.limit}."
            )
            return
        if any(call.workflow_time for call in calls) and len(_callers(evidence)) > 1:
            yield cannot_tell(
                self,
                "several workflows made calls, each with its own skipping clock, so their calls have no common time.",
            )
            return
        fullest = self._fullest(calls)
        window = f"{self.per.total_seconds():g} s"
        most = f"{counted(len(fullest), 'call')} of {self.of} in {window}"
        seen = [f"from {fullest[0].id} at {_moment(fullest[0])} to {fullest[-1].id} at {_moment(fullest[-1])}"]
        refs = [fullest[0].id, fullest[-1].id]
        if len(fullest) > self.limit:
            yield broken(self, f"{most}, expected at most {self.limit}.", detail=seen, refs=refs)
        if len(fullest) < self.at_least:
            yield broken(self, f"at most {most}, expected at least {self.at_least}.", detail=seen, refs=refs)
        refused = [
            event
            for event in evidence.of(LimitExceeded)
            if (event.service, event.operation) == (self.of.service, self.of.name)
        ]
        if refused:
            yield broken(
                self,
                f"{self.of} refused {counted(len(refused), 'call')} above its own limit, expected none.",
                detail=[f"{event.call}: {event.limit}" for event in refused],
                refs=[event.call for event in refused],
            )

    def _fullest(self, calls: list[CallRecord]) -> list[CallRecord]:
        """Return the calls of the fullest window, the first of several."""
        best, first = calls[:1], 0
        for last, call in enumerate(calls):
            while _moment(call) - _moment(calls[first]) >= self.per:
                first += 1
            if last - first + 1 > len(best):
                best = calls[first : last + 1]
        return best


def _moment(call: CallRecord) -> datetime:
    return call.workflow_time or call.at


def _callers(evidence: Evidence) -> set[str]:
    return {event.workflow_id for event in evidence.of(AttemptStarted)}
