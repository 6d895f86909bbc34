"""Which faults can be injected at a call: the points of an exploration, from a run in which the call was made."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Sequence

from harness.evidence.calls import CallMade, CallPlace
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.fault_kinds import every_kind, problem_with
from harness.explore.model.schedule import PlannedFault


def wrong_patterns(without: Iterable[str]) -> Iterator[str]:
    """Say which patterns of faults to leave out name a kind that does not exist, one sentence each."""
    for pattern in without:
        kind = pattern.rpartition(":")[2].partition("@")[0]
        problem = "" if fnmatch.filter(every_kind(), kind) else problem_with(kind)
        if problem:
            yield f"{pattern!r} in `without`: {problem}"


def faults_at(
    made: CallMade,
    *,
    reads: frozenset[str],
    without: Iterable[str] = (),
    patience: float | None = None,
    processes: bool = False,
) -> Iterator[PlannedFault]:
    """Yield every fault that can be injected at a call and would show something.

    Args:
        made: The call, as it was seen.
        reads: The activities that only read.
        without: Patterns of faults to leave out.
        patience: How many real seconds a timeout may take, where none is shortened; None where they are.
        processes: Whether workers can have processes of their own, which can be killed.
    """
    too_long = patience is not None and made.gives_up_within > patience
    for kind in every_kind().values():
        if not kind.applies(made, reads=reads) or (kind.kills and not processes) or (kind.times_out and too_long):
            continue
        beats = sorted({1, (made.heartbeats + 1) // 2, made.heartbeats}) if kind.at_heartbeat else [0]
        for beat in beats:
            fault = PlannedFault(call=made.call, kind=kind, beat=beat)
            if not any(fnmatch.fnmatchcase(str(fault), pattern) for pattern in without):
                yield fault


def most_telling_first(faults: Iterable[PlannedFault]) -> list[PlannedFault]:
    """Return faults in the order in which a budget is spent on them: kind by kind, and within a kind by call."""
    return sorted(faults, key=lambda one: one.kind.order)


def that_began(run: ExploredRun) -> Sequence[CallMade]:
    """Return the calls of a run without any fault; of one that did not end, those at which a fault can be injected."""
    if run.ended:
        return run.calls
    activities = {CallPlace.ACTIVITY, CallPlace.LOCAL_ACTIVITY}
    return [made for made in run.calls if made.attempts or made.place not in activities]
