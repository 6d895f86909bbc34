"""A retry repeats only items that no heartbeat had reported to the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from harness.errors import UsageError
from harness.events import AttemptStarted
from harness.evidence.evidence import CallRecord, Evidence
from harness.files.wording import counted
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm
from harness.workers.failpoints import SeesInside


@dataclass(frozen=True, kw_only=True)
class RepeatsBounded(SeesInside):
    """Calls for an item are repeated only within bounds, judged by the fake's journal (HB-001, HB-004).

    Meant for one activity that processes a batch, not for several activities that share an operation at the same time.

    Attributes:
        of: The operation that processes one item.
        per: The field of its body that names the item.
        at_most: How many calls may be repeats, over the whole run; None for any number.
        within: How far a retry may reach back: from the last call of the attempt that it repeats, before the next
            attempt was due, to the earliest call that it repeats. Heartbeats reach the server every
            0.8 x heartbeat_timeout. None for any distance.

    Raises:
        UsageError: No bound is given, or one is negative.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    of: Operation
    per: str
    at_most: int | None = None
    within: timedelta | None = None

    def __post_init__(self) -> None:
        if self.at_most is None and self.within is None:
            raise UsageError("RepeatsBounded: give at_most, within or both.")
        if (self.at_most or 0) < 0 or (self.within or timedelta(0)) < timedelta(0):
            raise UsageError("RepeatsBounded: at_most and within must not be negative.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Find the repeats, count them, and measure how far they reach back."""
        # When it was due, if the record says so: until it begins, the one before may go on in vain. A clock that skips
        # is ahead of the journal's.
        retries = [min(one.at, one.scheduled_at or one.at) for one in evidence.of(AttemptStarted) if one.attempt > 1]
        if not retries:
            yield cannot_tell(self, "no attempt was retried, so nothing could be repeated.")
            return
        calls = evidence.calls_of(self.of.service, self.of.name)
        if not calls or not all(isinstance(call.body, Mapping) and self.per in call.body for call in calls):
            yield cannot_tell(
                self, f"{self.of} was not called, or a call has no field {self.per!r} that names its item."
            )
            return
        latest: dict[str, CallRecord] = {}
        repeats: list[tuple[CallRecord, CallRecord]] = []
        for call in calls:
            item = repr(call.body[self.per])
            if item in latest:
                repeats.append((latest[item], call))
            latest[item] = call
        if self.at_most is not None and len(repeats) > self.at_most:
            yield broken(
                self,
                f"{counted(len(repeats), 'repeated call')} of {self.of}, expected at most {self.at_most}.",
                detail=[f"{again.id} repeats {first.id}" for first, again in repeats],
                refs=[again.id for _, again in repeats],
            )
        if self.within is not None:
            yield from self._too_far(repeats, calls, retries, self.within)

    def _too_far(
        self,
        repeats: list[tuple[CallRecord, CallRecord]],
        calls: tuple[CallRecord, ...],
        retries: list[datetime],
        within: timedelta,
    ) -> Iterator[Finding]:
        for first, again in repeats:
            # The attempt that is repeated need not be the one before: that may not have made a call.
            began = min((at for at in retries if at > first.at), default=again.at)
            silent = max((call.at for call in calls if call.at < began), default=began)
            if silent - first.at > within:
                yield broken(
                    self,
                    f"a retry repeats a call of {self.of} that was {(silent - first.at).total_seconds():.3f} s old, "
                    f"expected at most {within.total_seconds():g} s.",
                    detail=[
                        f"{again.id} repeats {first.id} at {first.at:%H:%M:%S.%f}",
                        f"last call of that attempt at {silent:%H:%M:%S.%f}",
                    ],
                    refs=[first.id, again.id],
                )
                return
