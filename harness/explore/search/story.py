"""Tells one finding as a story: what was done, what was lost, what is left standing, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from harness.events import EffectUndone
from harness.evidence.history import Status
from harness.explore.search.exploration import BrokenPromise

LINES = 15
"""How many lines of a long timeline are shown at its beginning, and how many at its end."""


def story(finding: BrokenPromise) -> Iterator[str]:
    """Yield the lines of a story, the promise first."""
    run = finding.judged.run
    yield f"{finding.broken.invariant.name}: {plain(finding.broken.breach.what)}"
    for fault in finding.schedule.faults:
        yield f"  what went wrong: {fault.call} {fault.kind.sentence}"
    done = ", ".join(str(one.call) for one in run.effects) or "nothing"
    yield f"  what was done: {done}"
    failure = f", {plain(str(run.outcome.failure))}" if run.outcome.failure else ""
    ended = f"{run.outcome.status}{failure}" if run.outcome.status is not Status.RUNNING else "it did not end"
    yield f"  how it ended: {ended}"
    undoes = finding.broken.invariant.undoes
    if undoes:
        undone = [str(one.call) for one in run.effects if one.activity in undoes]
        undone += [] if run.evidence is None else [one.call for one in run.evidence.of(EffectUndone)]
        yield f"  what was undone: {', '.join(undone) or 'nothing'}"
    places = [] if run.stuck is None else re.findall(r'File "[^"]+", line \d+, in \w+', run.stuck[1])
    if places:
        yield f"  where: {places[-1]}"


def timeline(finding: BrokenPromise) -> Iterator[str]:
    """Yield what happened in the smallest run, in milliseconds since its first moment."""
    moments = sorted(finding.judged.run.timeline)
    for place, moment in enumerate(moments):
        if place == LINES and len(moments) > 2 * LINES:
            yield f"           ... {len(moments) - 2 * LINES} more ..."
        if LINES <= place < len(moments) - LINES:
            continue
        since = (moment.at - moments[0].at) / timedelta(milliseconds=1)
        yield f"{since:9.1f}  {moment.lane:<9} {plain(moment.what)}"


def plain(text: str) -> str:
    """Text that came from elsewhere, on one line and without control characters."""
    return " ".join(
        "".join(one if one.isprintable() or one.isspace() else "\N{REPLACEMENT CHARACTER}" for one in text).split()
    )
