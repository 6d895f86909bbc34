"""Whether other runs disturbed a run: they share an event loop, which an activity of one of them may block."""

from __future__ import annotations

from dataclasses import replace

from harness.evidence.schedule_events import HARMFUL, HeldUp, LoopBlocked
from harness.results import Result
from harness.verdict import Verdict

ALONE = "alone"
"""The folder, inside the run's own, of its second run."""


def disturbance(result: Result) -> str:
    """Say what may have cost a run its verdict; "" where nothing did, or it has itself blocked the loop."""
    held_up = result.evidence.of(HeldUp)
    itself = any(one.is_harmful for one in result.evidence.of(LoopBlocked))
    seconds = sum(one.seconds for one in held_up)
    if result.verdict is Verdict.PASSED or itself or seconds < HARMFUL:
        return ""
    longest = max(held_up, key=lambda one: one.seconds)
    return f"{longest.by} blocked the event loop for {longest.seconds:.1f} s (at {longest.where})"


def as_second(result: Result, *, first: Result) -> Result:
    """Return the result of a run that was repeated alone, with a note on why."""
    why = f"run again alone: in its first run, which was {first.verdict}, {disturbance(first)}; see {first.folder}"
    return replace(result, note=" ".join(one for one in (result.note, why) if one))
