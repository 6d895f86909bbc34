"""Which faults can meet a call: the points of an exploration, from a run in which the call was made."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator

from harness.explore.calls import CallMade
from harness.explore.model.fault_kinds import KINDS, VALUE, Kind
from harness.explore.model.schedule import PlannedFault


def faults_at(
    made: CallMade,
    *,
    reads: frozenset[str],
    without: Iterable[str] = (),
    patience: float | None = None,
    processes: bool = False,
) -> Iterator[PlannedFault]:
    """Yield every fault that can meet a call and would tell something.

    Args:
        made: The call, as it was seen.
        reads: The activities that only read.
        without: Patterns of faults that are not wanted.
        patience: How many real seconds a timeout may take, where none is shortened; None where they are.
        processes: Whether workers can have processes of their own, which can be killed.
    """
    for kind in KINDS.values():
        if not _applies(kind, made, reads=reads, patience=patience) or (kind.kills and not processes):
            continue
        beats = sorted({1, (made.heartbeats + 1) // 2, made.heartbeats}) if kind.at_heartbeat else [0]
        for beat in beats:
            fault = PlannedFault(call=made.call, kind=kind, beat=beat)
            if not any(fnmatch.fnmatchcase(str(fault), pattern) for pattern in without):
                yield fault


def _applies(kind: Kind, made: CallMade, *, reads: frozenset[str], patience: float | None) -> bool:
    if made.signal or kind.on_signal:
        return made.signal and kind.on_signal and (made.followed or kind.name != "swapped")
    if made.event or kind.on_event:
        return made.event and kind.on_event and (made.task > 0 or not kind.kills)
    if made.request or kind.on_request:
        return made.request and kind.on_request and (made.bounded or not kind.bounded)
    only_attempt = made.maximum_attempts == 1
    return not (
        (made.timer and not kind.on_timer)
        or (made.child and not kind.on_child)
        or (made.local and not kind.on_local)
        or (kind.commits and made.call.activity in reads)
        or (kind.bounded and not made.bounded)
        or (kind.at_heartbeat and not made.heartbeats)
        # With a single attempt these are what lost_last and error are.
        or (only_attempt and kind.name in {"lost", "down"})
        or (kind.times_out and patience is not None and made.gives_up_within > patience)
    )


def most_telling_first(faults: Iterable[PlannedFault]) -> list[PlannedFault]:
    """Return faults in the order in which a budget is spent on them: kind by kind, and within a kind by call."""
    return sorted(faults, key=lambda one: VALUE[one.kind.name])
