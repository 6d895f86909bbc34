"""Whether something disturbed a run: another that blocked the event loop they share, or a machine that was busy."""

from __future__ import annotations

from dataclasses import replace

from harness.evidence.schedule_events import HARMFUL, HeldUp, LoopBlocked, MachineBusy
from harness.files.wording import masked
from harness.judge import certain
from harness.results import Result
from harness.verdict import Finding, Harm, Verdict, by_harm

MACHINE = "machine_too_busy"
"""The name of the rule that a failure proves nothing on a machine that gave the run too little CPU."""

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


def busy(result: Result) -> str:
    """Say how busy the machine was in a run that may have lost its verdict by that; "" where it has not."""
    if result.verdict is Verdict.PASSED or any(certain(one) for one in result.findings):
        return ""
    return next((str(one) for one in result.evidence.of(MachineBusy) if one.is_too_busy), "")


def as_second(result: Result, *, first: Result) -> Result:
    """Return the result of a run that was repeated alone, with a note on why.

    A failure that is not that of the first run, on a machine that is still too busy, is INCONCLUSIVE.
    """
    because = disturbance(first)
    why = f"run again alone: in its first run, which was {first.verdict}, {because or busy(first)}; see {first.folder}"
    by_machine = not because and bool(busy(first))
    if by_machine and busy(result) and result.verdict is Verdict.FAILED and not _failures(first) & _failures(result):
        result = _untold(result)
    return replace(result, note=" ".join(one for one in (result.note, why) if one), machine_was_busy=by_machine)


def _failures(result: Result) -> set[tuple[str, str]]:
    return {(one.oracle, masked(one.title)) for one in result.findings if one.verdict is Verdict.FAILED}


def _untold(result: Result) -> Result:
    """Make what failed INCONCLUSIVE, below the reason."""
    reason = Finding(
        oracle=MACHINE,
        verdict=Verdict.INCONCLUSIVE,
        harm=Harm.HARNESS,
        title=f"the machine was too busy: {busy(result)}, and the run failed in another way before. Run the scenario "
        "again when less is going on.",
    )
    found = [replace(one, verdict=min(one.verdict, Verdict.INCONCLUSIVE)) for one in result.findings]
    return replace(result, verdict=Verdict.INCONCLUSIVE, findings=by_harm([reason, *found]))
