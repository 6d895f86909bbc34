"""Shrinks a schedule with a finding to the fewest and mildest faults that still show it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace

from harness.explore.model.schedule import PlannedFault, Schedule

Breaks = Callable[[Schedule], Awaitable[bool]]
"""Runs a schedule, and returns whether the finding comes."""


def size(schedule: Schedule) -> tuple[int, int]:
    """How much a schedule takes: the number of its faults, then their harm."""
    return len(schedule.faults), sum(one.kind.harm for one in schedule.faults)


async def shrink(
    schedule: Schedule, *, breaks: Breaks, milder: Callable[[PlannedFault], Iterable[PlannedFault]]
) -> Schedule:
    """Return a schedule no part of which can be left out or made milder, so that the finding still comes.

    Args:
        schedule: Shows the finding.
        breaks: Returns whether another does.
        milder: The milder faults at the same call, the mildest first.
    """
    while True:
        for candidate in _smaller(schedule, milder):
            if await breaks(candidate):
                schedule = candidate
                break
        else:
            return schedule


def _smaller(schedule: Schedule, milder: Callable[[PlannedFault], Iterable[PlannedFault]]) -> Iterator[Schedule]:
    if len(schedule.faults) > 1:
        yield from (schedule.without(fault) for fault in schedule.faults)
    for place, fault in enumerate(schedule.faults):
        for other in milder(fault):
            faults = [*schedule.faults]
            faults[place] = other
            yield replace(schedule, faults=tuple(faults))
