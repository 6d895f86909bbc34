"""What a fault on the wire did, inferred without a proxy's journal: from the fake and the worker.

A real Toxiproxy does not say on which connections a toxic acted. The fake knows when a request arrived and when its
answer left; the worker's recorder knows when the attempt behind it began, and when and how it ended. An answer that
left at once and ended its attempt only after the declared delay was delayed on the way; one whose attempt ended in an
error was lost on the way. Attempts are matched to calls by time, and of several the one that ended first decides: with
many attempts at once that may miss a firing, and it invents none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from harness.events import FaultArmed, FaultHealed
from harness.evidence.attempts import NEVER
from harness.evidence.evidence import Evidence

Span = tuple[datetime, datetime]


def armed_spans(evidence: Evidence, name: str) -> list[Span]:
    """Return from when to when a fault was armed, each time."""
    moments = [
        event.at for event in evidence.events if isinstance(event, FaultArmed | FaultHealed) and event.fault == name
    ]
    return list(pairwise(moments))[::2]


def answers_hit(evidence: Evidence, service: str, spans: Sequence[Span], *, delay: timedelta | None) -> int:
    """Count the answers of a fake that were lost on the way, or delayed by at least `delay` (None: lost only)."""
    known = [one for one in evidence.attempts if one.ended != NEVER]
    hit = 0
    for call in evidence.calls:
        if call.service != service or call.ended_at is None or not _within(call.ended_at, spans):
            continue
        waiting = [one for one in known if one.began <= call.at and one.ended >= call.ended_at]
        first = min(waiting, key=lambda one: one.ended, default=None)
        if first is not None:
            hit += first.failed or (delay is not None and first.ended - call.ended_at >= delay)
    return hit


def requests_hit(evidence: Evidence, service: str, spans: Sequence[Span], *, delay: timedelta | None) -> int:
    """Count the requests to a fake that were lost on the way, or delayed by at least `delay` (None: lost only).

    A request is lost when an attempt that ran while the fault was armed failed, and no fake had a call of it.
    """
    known = [one for one in evidence.attempts if one.ended != NEVER]
    late = 0
    for call in evidence.calls:
        if call.service != service or delay is None or not _within(call.at, spans):
            continue
        making = [one for one in known if one.began <= call.at <= one.ended]
        late += bool(making) and call.at - max(one.began for one in making) >= delay
    return late + attempts_hit(evidence, spans, delay=None)


def attempts_hit(evidence: Evidence, spans: Sequence[Span], *, delay: timedelta | None) -> int:
    """Count the attempts that a fault on the wire to a real server hit: that server records no calls.

    An attempt was hit when it ran while the fault was armed, called no fake, and failed or took at least `delay`.
    """
    return sum(
        (one.failed or (delay is not None and one.ended - one.began >= delay))
        and any(one.began <= end and one.ended >= start for start, end in spans)
        and not any(one.began <= call.at <= one.ended for call in evidence.calls)
        for one in evidence.attempts
        if one.ended != NEVER
    )


def _within(at: datetime, spans: Sequence[Span]) -> bool:
    return any(start <= at <= end for start, end in spans)
