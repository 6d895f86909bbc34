"""What a run under a schedule proves: its verdict, from what the invariants say and whether the faults struck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.explore.invariants.standard import STANDARD
from harness.explore.model.explored_run import Breach, ExploredRun, Invariant, breaches
from harness.explore.model.schedule import Schedule
from harness.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One promise that a run broke.

    Attributes:
        invariant: Which.
        breach: How.
    """

    invariant: Invariant
    breach: Breach

    @property
    def promise(self) -> tuple[str, str]:
        """What makes two breaches the same finding."""
        return self.invariant.name, self.breach.subject


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A run and its verdict.

    Attributes:
        run: What is known of it; without its histories when it held.
        broken: The promises that it broke, advisory ones excepted.
        advice: The advisory promises that it broke.
        unclear: Why it proves less than it should: faults that did not strike, invariants that failed themselves.
        missed: Whether a fault did not strike.
        apart: Whether an undo was refused for good, so that what broke, if anything did, is nobody's mistake.
    """

    run: ExploredRun
    broken: tuple[Broken, ...] = ()
    advice: tuple[Broken, ...] = ()
    unclear: tuple[str, ...] = ()
    missed: bool = False
    apart: bool = False

    @property
    def schedule(self) -> Schedule:
        """Under which schedule."""
        return self.run.schedule

    @property
    def verdict(self) -> Verdict:
        """FAILED when a promise is broken, unless that is told apart."""
        if self.broken and not self.apart:
            return Verdict.FAILED
        return Verdict.INCONCLUSIVE if self.unclear else Verdict.PASSED


def judge(
    run: ExploredRun, invariants: Sequence[Invariant], *, undoing: frozenset[tuple[str, str]] = frozenset()
) -> Judged:
    """Judge a run by all invariants; one that fails itself makes the run unclear.

    Args:
        run: What is known of it.
        invariants: What must hold.
        undoing: The activities that are known to ask for what undoes, which the invariants name, each with that.
    """
    broken: list[Broken] = []
    missed = [one for one in run.schedule.faults if one not in run.reached]
    unclear = [f"the fault {one} was armed and did not strike." for one in missed]
    if run.no_proof:
        return Judged(run=_freed(run), unclear=(*unclear, run.no_proof), missed=bool(missed))
    # Of a run that did not end, only that can be told: what it left half done, it may yet have done or undone.
    for invariant in invariants if run.ended else STANDARD:
        try:
            broken += [Broken(invariant=invariant, breach=one) for one in breaches(invariant, run)]
        except Exception as error:  # noqa: BLE001 - whatever a crashing invariant raises, it has told nothing
            unclear.append(f"the invariant {invariant.name} itself failed: {type(error).__name__}: {error}")
    if run.raised and not run.schedule.faults:
        unclear.append(f"the target's drive failed: {run.raised}")
    told = [one for one in broken if not one.invariant.advisory]
    refused = _refused(run.schedule, invariants, undoing)
    excused = [one for one in told if refused and (not one.invariant.undoes or one.invariant.undoes & refused)]
    # What an undo that is refused for good has nothing to do with is a finding like any other.
    inexcusable = [one for one in told if one not in excused]
    told = inexcusable or excused
    return Judged(
        run=run if told else _freed(run),
        broken=tuple(told),
        advice=tuple(one for one in broken if one.invariant.advisory),
        unclear=tuple(unclear),
        missed=bool(missed),
        apart=bool(refused) and not inexcusable,
    )


def _freed(run: ExploredRun) -> ExploredRun:
    """The run without what takes much memory and tells nothing more."""
    return replace(run, histories=(), evidence=None)


def _refused(
    schedule: Schedule, invariants: Sequence[Invariant], undoing: frozenset[tuple[str, str]]
) -> frozenset[str]:
    """What undoes, and can never work under a schedule: a fault is at itself, who asks for it, or its service."""
    undoes = frozenset().union(*(one.undoes for one in invariants))
    refused: set[str] = set()
    for fault in (one for one in schedule.faults if one.kind.for_good):
        refused |= {fault.call.activity, *(asked for asks, asked in undoing if asks == fault.call.activity)}
        if fault.kind.of_service:
            service = fault.call.activity.partition(".")[0]
            refused |= {one for one in undoes if one.partition(".")[0] == service}
    return undoes & refused
