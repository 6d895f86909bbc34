"""Attempts begin when the retry policy says, not earlier and not much later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import ClassVar

from harness.errors import UsageError
from harness.events import AttemptEnded, AttemptStarted, Heartbeat
from harness.evidence.evidence import Evidence
from harness.library_internals.activity_definition import Named, activity_name
from harness.oracle import broken, cannot_tell
from harness.verdict import Finding, Harm
from harness.workers.failpoints import SeesInside

EARLY = timedelta(milliseconds=20)
"""How much too early a wait may look: the clocks of worker and server are read at different moments."""

NOTHING = timedelta(0)

TOO_FAR = timedelta(seconds=1)
"""By how much a clock that skips may skip too far: on a machine with twenty concurrent runs, 0.7 s were seen that
nothing in the record explains."""

Attempt = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class RetrySchedule(SeesInside):
    """The wait after attempt n is min(initial * coefficient ** (n - 1), maximum), from its end on (RTY-001, RTY-004).

    Judged by the times that the server recorded for each attempt, by the workflow's own clock, which may be one that
    skips. The end of an attempt is when its body ended, or when its start_to_close did. One that may have fallen
    silent ended at some moment after its heartbeat timeout, so that its wait may only look too long. Where nothing
    tells of an end, the wait is not judged.

    Attributes:
        activity: The activity: the function, the method, or its type.
        initial: The wait after the first attempt.
        coefficient: By which it grows.
        maximum: The longest wait; None for Temporal's default, 100 times the initial one.
        asked: The waits that the service asked for instead, by the number of the attempt before.
        late: How much later an attempt may begin: the time that the end of the one before takes to reach the server.
            The machine's delays in the record are added: until an attempt reached its worker, and, on a clock that
            skips, until the next one did, and a second by which it may skip too far. Waits of 1, 2, 4 s can still be
            told from 2, 4, 8 s, at the second wait.

    Raises:
        UsageError: `initial` is not positive, or `coefficient` is less than 1.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    activity: Named
    initial: timedelta
    coefficient: float = 2.0
    maximum: timedelta | None = None
    asked: Mapping[int, timedelta] = field(default_factory=dict)
    late: timedelta = timedelta(milliseconds=500)

    def __post_init__(self) -> None:
        object.__setattr__(self, "activity", activity_name(self.activity))
        if self.initial <= timedelta(0) or self.coefficient < 1:
            raise UsageError(
                "RetrySchedule: initial must be positive and coefficient >= 1, got "
                f"{self.initial.total_seconds():g} s and {self.coefficient:g}."
            )

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare each wait in the record with the policy."""
        ends = _Ends(evidence)
        judged = 0
        for attempts in _by_activity(evidence, str(self.activity)):
            for before, one, following in zip([None, *attempts], attempts, attempts[1:], strict=False):
                end = ends.of(one)
                if end is None or following.scheduled_at is None or following.attempt != one.attempt + 1:
                    continue
                judged += 1
                late = self.late + ends.delays(before, one, following) if end.exactly else None
                yield from self._compare(one, following.scheduled_at - end.at, late=late)
        if not judged:
            yield cannot_tell(
                self, f"the record has no wait between two attempts of {self.activity}, so nothing can be judged."
            )

    def _compare(self, one: AttemptStarted, wait: timedelta, *, late: timedelta | None) -> Iterator[Finding]:
        expected = self.asked.get(one.attempt, self._by_policy(one.attempt))
        if wait - expected >= -EARLY and (late is None or wait - expected <= late):
            return
        yield broken(
            self,
            f"{self.activity} waited {_seconds(wait)} after attempt {one.attempt}, expected {_seconds(expected)}.",
            detail=[f"workflow {one.workflow_id}, activity {one.activity_id}"],
            refs=[f"{one.activity} attempt {one.attempt}"],
        )

    def _by_policy(self, attempt: int) -> timedelta:
        longest = 100 * self.initial if self.maximum is None else self.maximum
        grown = self.coefficient ** min(attempt - 1, 64)
        return longest if grown >= longest / self.initial else self.initial * grown


@dataclass(frozen=True, kw_only=True)
class _End:
    """When an attempt ended, exactly or at the earliest."""

    at: datetime
    exactly: bool = True


class _Ends:
    """When each attempt ended, as far as the record says, by the workflow's own clock."""

    def __init__(self, evidence: Evidence) -> None:
        self._ended = {_key(one): one.at for one in evidence.of(AttemptEnded)}
        self._beats: defaultdict[Attempt, list[datetime]] = defaultdict(list)
        for beat in evidence.of(Heartbeat):
            self._beats[_key(beat)].append(beat.at)
        self._limits = {
            (history.workflow_id, str(event.attributes.get("activityId"))): event.attributes
            for history in evidence.histories
            for event in history.of_type("ActivityTaskScheduled")
        }

    def of(self, one: AttemptStarted) -> _End | None:
        """Return the end of an attempt, or None."""
        limits = self._limits.get((one.workflow_id, one.activity_id), {})
        ended = self._ended.get(_key(one))
        if one.started_at is None:
            return None
        longest = _duration(limits, "startToCloseTimeout")
        took = None if ended is None else ended - one.at
        if took is None or (longest is not None and took > longest):
            # It went on after its timeout, or died with its worker.
            took = longest
        allowed = _duration(limits, "heartbeatTimeout")
        if allowed is not None and self._may_have_been_silent(one, ended, allowed):
            return _End(at=one.started_at + (allowed if took is None else min(took, allowed)), exactly=False)
        return None if took is None else _End(at=one.started_at + took)

    def delays(self, before: AttemptStarted | None, one: AttemptStarted, following: AttemptStarted) -> timedelta:
        """How much of the wait after an attempt the machine may have caused, by the worker's clock.

        Args:
            before: The attempt before, if there was one.
            one: The attempt that ended.
            following: The one after the wait.
        """
        delivered = NOTHING if one.started_at is None else one.at - one.started_at
        if delivered < NOTHING:
            # By a clock that has skipped, which cannot be compared: no longer than since the attempt before.
            delivered = NOTHING if before is None else one.at - self._ended.get(_key(before), one.at)
        skips = _on_server(one, following) > following.at - one.at
        if not skips:
            return delivered
        return delivered + TOO_FAR + following.at - self._ended.get(_key(one), following.at)

    def _may_have_been_silent(self, one: AttemptStarted, ended: datetime | None, allowed: timedelta) -> bool:
        """Whether a heartbeat timeout may have ended it, at a moment that only the server knows."""
        moments = [one.at, *self._beats[_key(one)], *([] if ended is None else [ended])]
        gaps = (later - earlier for earlier, later in pairwise(moments))
        return ended is None or any(gap >= allowed for gap in gaps)


def _by_activity(evidence: Evidence, activity: str) -> Iterator[Sequence[AttemptStarted]]:
    found: defaultdict[tuple[str, str], list[AttemptStarted]] = defaultdict(list)
    for one in evidence.of(AttemptStarted):
        if one.activity == activity:
            found[one.workflow_id, one.activity_id].append(one)
    for attempts in found.values():
        yield sorted(attempts, key=lambda one: one.attempt)


def _on_server(one: AttemptStarted, following: AttemptStarted) -> timedelta:
    """The time from one attempt's start to the next one's, by the workflow's own clock."""
    if one.started_at is None or following.started_at is None:
        return NOTHING
    return following.started_at - one.started_at


def _key(one: AttemptStarted | AttemptEnded | Heartbeat) -> Attempt:
    return one.workflow_id, one.activity_id, one.attempt


def _duration(attributes: Mapping[str, object], name: str) -> timedelta | None:
    """A duration of the protocol's JSON form, such as "0.5s"; None when it is not set."""
    seconds = float(str(attributes.get(name, "0s")).removesuffix("s"))
    return timedelta(seconds=seconds) if seconds else None


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():.3f} s"
