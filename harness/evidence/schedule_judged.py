"""What an exploration's invariants said of one schedule, as an event of the run that performed it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.events import Event


@dataclass(frozen=True, kw_only=True)
class PromisesJudged(Event):
    """A schedule of an exploration was performed and judged.

    `broken` is each promise that did not hold and how, `unclear` why that proves less than it should, `story` what
    happened, line by line.
    """

    schedule: str
    broken: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
