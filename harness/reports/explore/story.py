"""Describes one finding of an exploration: what was injected, what was done, how it ended, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from harness.events import EffectUndone
from harness.evidence.history import Status
from harness.explore.search.exploration import SmallestFailure
from harness.files.places import Place, innermost
from harness.reports.text import one_line

NAMED = 20
"""How many calls are named in a line."""

LINES = 15
"""How many lines of a long timeline are shown at its beginning, and how many at its end."""


def story(failure: SmallestFailure) -> Iterator[str]:
    """Yield the lines of a story, the finding first."""
    run = failure.judged.run
    yield f"{failure.finding.oracle}: {one_line(failure.title)}"
    for fault in failure.schedule.faults:
        yield f"  what went wrong: {fault.call} {fault.kind.sentence}"
    yield f"  what was done: {_named(str(one.call) for one in run.effects)}"
    why = f", {one_line(str(run.outcome.failure))}" if run.outcome.failure else ""
    ended = f"{run.outcome.status}{why}" if run.outcome.status is not Status.RUNNING else "it did not end"
    yield f"  how it ended: {ended}"
    if failure.undoes:
        undone = [str(one.call) for one in run.effects if one.activity in failure.undoes]
        undone += [one.call for one in run.evidence.of(EffectUndone)]
        yield f"  what was undone: {_named(undone)}"
    place = None if run.stuck is None else innermost(run.stuck[1])
    if place is not None:
        yield f"  where: {Place(path=place[0], line=place[1])}"


def _named(calls: Iterable[str]) -> str:
    shown = [*calls]
    more = f" and {len(shown) - NAMED} more" if len(shown) > NAMED else ""
    return f"{', '.join(map(one_line, shown[:NAMED]))}{more}" or "nothing"


def timeline(failure: SmallestFailure) -> Iterator[str]:
    """Yield what happened in the smallest run, in milliseconds since its first moment."""
    entries = failure.judged.run.timeline
    for place, entry in enumerate(entries):
        if place == LINES and len(entries) > 2 * LINES:
            yield f"           ... {len(entries) - 2 * LINES} more ..."
        if LINES <= place < len(entries) - LINES:
            continue
        since = (entry.at - entries[0].at) / timedelta(milliseconds=1)
        yield f"{since:9.1f}  {entry.lane:<9} {one_line(entry.what)}"
