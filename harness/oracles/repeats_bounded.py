"""A retry repeats no more than what the server could not have heard of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from harness.errors import UsageError
from harness.events import AttemptStarted
from harness.evidence.evidence import CallRecord, Evidence
from harness.oracle import broken, cannot_tell
from harness.services.operation import Operation
from harness.verdict import Finding, Harm
from harness.workers.failpoints import SeesInside


@dataclass(frozen=True, kw_only=True)
class RepeatsBounded(SeesInside):
    """Items are asked for again only within bounds, judged by the fake's journal (HB-001, HB-004).

    Made for one activity that works through a batch, not for several that share an operation at the same time.

    Attributes:
        of: The operation that processes one item.
        per: The field of its body that names the item.
        at_most: How many calls may be repeats, over the whole run; None for any number.
        within: How far a retry may reach back: from the last call of the attempt that it repeats, as told by the
            beginning of the next one, to the earliest call that it repeats. Heartbeats reach the server every
            0.8 x heartbeat_timeout. None for any distance.

    Raises:
        UsageError: It bounds nothing, or by less than nothing.
    """

    harm: ClassVar[Harm] = Harm.COUNTS

    of: Operation
    per: str
    at_most: int | None = None
    within: timedelta | None = None

    def __post_init__(self) -> None:
        if self.at_most is None and self.within is None:
            raise UsageError("repeats_bounded needs a bound: at_most, within, or both.")
        if (self.at_most or 0) < 0 or (self.within or timedelta(0)) < timedelta(0):
            raise UsageError(f"repeats_bounded cannot be bounded by {self.at_most} and {self.within}.")

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Find the repeats, count them, and measure how far they reach back."""
        # When it was due, if the record says so: until it begins, the one before may go on for nobody. A clock that
        # skips is ahead of the journal's.
        retries = [min(one.at, one.scheduled_at or one.at) for one in evidence.of(AttemptStarted) if one.attempt > 1]
        if not retries:
            yield cannot_tell(self, "nothing was retried, so nothing could be repeated.")
            return
        calls = evidence.calls_of(self.of.service, self.of.name)
        if not calls or not all(isinstance(call.body, Mapping) and self.per in call.body for call in calls):
            yield cannot_tell(self, f"not every call of {self.of} names an item in its field {self.per!r}.")
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
                f"{self.of} was repeated {len(repeats)} times, at most {self.at_most} were to be expected.",
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
            # Of the attempt that is repeated, which need not be the one before: that may have got nowhere.
            began = min((at for at in retries if at > first.at), default=again.at)
            silent = max((call.at for call in calls if call.at < began), default=began)
            if silent - first.at > within:
                yield broken(
                    self,
                    f"{self.of} repeats work that was {(silent - first.at).total_seconds():.3f} s old, at most "
                    f"{within.total_seconds():g} s were to be expected.",
                    detail=[
                        f"{again.id} repeats {first.id} at {first.at:%H:%M:%S.%f}",
                        f"silent at {silent:%H:%M:%S.%f}",
                    ],
                    refs=[first.id, again.id],
                )
                return
