"""What a run under a schedule proves: its verdict, from what the invariants say and whether the faults struck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from harness.explore.explored import Breach, ExploredRun, Invariant, breaches
from harness.explore.invariants.standard import STANDARD
from harness.explore.schedule import PlannedFault, Schedule
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
        apart: Whether an undo was refused for good, so that what it broke is nobody's mistake.
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


def judge(run: ExploredRun, invariants: Sequence[Invariant], *, undoing: frozenset[str] = frozenset()) -> Judged:
    """Judge a run by all invariants; one that fails itself makes the run unclear.

    Args:
        run: What is known of it.
        invariants: What must hold.
        undoing: What is known to undo what others did, beside what the invariants name.
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
    undoes = undoing.union(*(one.undoes for one in invariants))
    told = [one for one in broken if not one.invariant.advisory]
    return Judged(
        run=run if told else _freed(run),
        broken=tuple(told),
        advice=tuple(one for one in broken if one.invariant.advisory),
        unclear=tuple(unclear),
        missed=bool(missed),
        apart=any(_keeps_from_undoing(one, undoes) for one in run.schedule.faults),
    )


def _freed(run: ExploredRun) -> ExploredRun:
    """The run without what takes much memory and tells nothing more."""
    return replace(run, histories=(), evidence=None)


def _keeps_from_undoing(fault: PlannedFault, undoes: Iterable[str]) -> bool:
    """Whether an undo can never work under a fault: its own call, or the service that it is asked of."""
    if not fault.kind.for_good:
        return False
    if fault.kind.on_service:
        service = fault.call.activity.partition(".")[0]
        return any(one.partition(".")[0] == service for one in undoes)
    return fault.call.activity in undoes
