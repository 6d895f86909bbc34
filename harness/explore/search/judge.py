"""What a run under a schedule proves: what the one judge finds, less what its faults excuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property

from harness.events import FaultFired, WorkflowTaskStuck
from harness.evidence.evidence import Evidence
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant
from harness.explore.model.prevented import names_another
from harness.explore.model.schedule import PlannedFault, Schedule
from harness.files.wording import cut, masked
from harness.oracle import Oracle
from harness.testbed.ports import Part
from harness.testbed.testbed import Target, Testbed
from harness.trigger import ALWAYS, Trigger
from harness.verdict import Finding, Verdict, worst

TITLE = 1000
"""How many characters of a finding's title are kept: an invariant may put the whole external state into it."""

EXCLUDED = "a fault makes the compensation itself fail permanently"
"""Why a finding does not count that no application could have prevented."""


@dataclass(frozen=True, kw_only=True)
class InjectedFault:
    """A fault of a schedule as the judge counts it, by what its injection recorded: it is armed with the worker."""

    on: Target = Part.WORKERS
    when: Trigger = ALWAYS

    def problems(self) -> Iterator[str]:
        """Nothing can be wrong with it."""
        yield from ()

    def arm(self, testbed: Testbed, *, name: str) -> AbstractAsyncContextManager[None]:  # noqa: ARG002 - the contract's
        """There is nothing more to arm."""
        return nullcontext()

    def fired(self, evidence: Evidence, *, name: str) -> int:
        """Count the injections."""
        return sum(one.fault == name for one in evidence.of(FaultFired))

    def seen_instead(self, evidence: Evidence) -> str:
        """Name the calls that were made."""
        return ", ".join(str(one.call) for one in evidence.read_as(ExploredRun).calls) or "no call"


@dataclass(frozen=True, kw_only=True)
class ScheduleExpectations:
    """What the run of a schedule is judged by.

    Attributes:
        schedule: Each of its faults must be injected.
        expects: What must hold.
    """

    schedule: Schedule
    expects: Sequence[Oracle] = ()

    @property
    def fault_names(self) -> Mapping[str, InjectedFault]:
        """The schedule's faults."""
        return {str(one): InjectedFault() for one in self.schedule.faults}

    def tolerates(self, stuck: WorkflowTaskStuck) -> bool:  # noqa: ARG002 - the judge's contract
        """No workflow task may fail."""
        return False


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A run and what was found in it.

    Attributes:
        run: What is known of it; without its histories when it held.
        findings: What was found.
        excused: Whether a fault makes a compensation fail permanently, so that what is left then is nobody's mistake.
        known: Whether something is broken in it that is broken without any fault, too, and not among its findings.
    """

    run: ExploredRun
    findings: tuple[Finding, ...] = ()
    excused: bool = False
    known: bool = False

    @property
    def schedule(self) -> Schedule:
        """Under which schedule."""
        return self.run.schedule

    @property
    def verdict(self) -> Verdict:
        """The worst of its findings'."""
        return worst(one.verdict for one in self.findings)

    @cached_property
    def broken(self) -> tuple[Finding, ...]:
        """What does not hold, excluded findings among them."""
        return tuple(one for one in self.findings if one.verdict is Verdict.FAILED or one.excluded)

    @cached_property
    def advice(self) -> tuple[Finding, ...]:
        """What is only reported."""
        return tuple(one for one in self.findings if one.verdict is Verdict.PASSED and not one.excluded)

    @cached_property
    def unclear(self) -> tuple[str, ...]:
        """Why it proves less than it should: faults that were not injected, invariants that failed themselves."""
        return tuple(one.title for one in self.findings if one.verdict is Verdict.INCONCLUSIVE)

    @property
    def missed(self) -> bool:
        """Whether a fault was not injected."""
        return len(self.run.reached) < len(self.schedule.faults)


Bug = tuple[str, str]
"""What distinguishes one mistake from another: what does not hold, and in which words, values aside."""


def bug_of(finding: Finding) -> Bug:
    """Return which mistake a finding is about."""
    # A loop that does not end waits for something else each time that it is looked at.
    title, _, _ = finding.title.partition("; it was waiting for ")
    return finding.id, masked(title)


def without_known(judged: Judged, known: Collection[Bug]) -> Judged:
    """Return a judged run without what is broken in the same way when nothing goes wrong."""
    new = tuple(one for one in judged.findings if one.verdict is not Verdict.FAILED or bug_of(one) not in known)
    return judged if len(new) == len(judged.findings) else replace(judged, findings=new, known=True)


def judged(
    evidence: Evidence,
    findings: Iterable[Finding],
    invariants: Sequence[Invariant],
    *,
    undoing: frozenset[tuple[str, str]] = frozenset(),
    usual: Collection[str] | None = None,
) -> Judged:
    """Return a run with what counts of its findings; without what takes much memory where nothing is broken.

    Args:
        evidence: The run's.
        findings: What the judge found in it.
        invariants: What it was judged by.
        undoing: As of `without_excused`.
        usual: What also runs without any fault; None if that is not known.
    """
    run = evidence.read_as(ExploredRun)
    undoes = frozenset().union(*(one.undoes for one in invariants))
    found = [_settled(replace(one, title=cut(one.title, TITLE)), run, undoes) for one in findings]
    counted, excused = without_excused(found, run.schedule, undoes, undoing)
    if usual is not None:
        # The ready-made invariants name what they are about: an undo, or what none could take back.
        unnamed = {one.name for one in invariants if not one.activities and not one.undoes}
        known = {*usual, *undoes}
        counted = tuple(_with_hint(one, run.schedule, known) if one.oracle in unnamed else one for one in counted)
    broken = any(one.verdict is Verdict.FAILED or one.excluded for one in counted)
    kept = run if broken else run.freed(timeline=any(one.verdict is Verdict.PASSED for one in counted))
    return Judged(run=kept, findings=counted, excused=excused)


def _settled(finding: Finding, run: ExploredRun, undoes: frozenset[str]) -> Finding:
    """Return a finding that names no undo, with what its text says of the effect that it is about."""
    if finding.undone_by or finding.undo_prevented is not None or finding.verdict is not Verdict.FAILED:
        return finding
    another = names_another(run, f"{finding.title} {finding.subject}", undoes)
    return replace(finding, undo_prevented=False) if another else finding


def _with_hint(finding: Finding, schedule: Schedule, known: Collection[str]) -> Finding:
    """Return a finding with how to say that what a fault made fail would have undone what it is about."""
    unusual = sorted({one.call.activity for one in schedule.faults if one.kind.fails_call} - {*known})
    if finding.verdict is not Verdict.FAILED or not unusual:
        return finding
    names = ", ".join(f'"{one}"' for one in unusual)
    hint = (
        f"{' and '.join(unusual)} only ran since something else had failed, and then failed for good. If that would "
        f"have undone this, say so, and it is left out: Invariant(..., undoes=frozenset({{{names}}}))."
    )
    return replace(finding, detail=f"{finding.detail}\n{hint}" if finding.detail else hint)


def without_excused(
    findings: Iterable[Finding],
    schedule: Schedule,
    undoes: frozenset[str],
    undoing: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[tuple[Finding, ...], bool]:
    """Return the findings, those excluded that no application could have prevented, and whether there could be such.

    Where a compensation is made to fail permanently, something stays that it would have undone; where its last
    completion is lost, the application cannot know that it has worked. What that compensation has nothing to do with is
    a finding like any other, and then the only one that is reported.

    Args:
        findings: What the judge found.
        schedule: What went wrong.
        undoes: Everything that undoes something, activities and operations.
        undoing: The activities that are known to request an operation of `undoes`, each with that operation.
    """
    found = tuple(findings)
    causes = _failing(schedule, undoes, undoing)
    failing = frozenset().union(*causes.values())
    if not failing:
        return found, False
    excused = _excusable(found, causes, failing)
    others = [one for one in found if one not in excused]
    if any(one.verdict is Verdict.FAILED for one in others):
        return tuple(others), False
    return tuple(
        replace(one, verdict=Verdict.PASSED, excluded=EXCLUDED) if one in excused else one for one in found
    ), True


def _excusable(found: Sequence[Finding], causes: Collection[PlannedFault], failing: frozenset[str]) -> list[Finding]:
    """Return what is broken since a compensation was made to fail.

    Where an oracle cannot tell whether that was its own, one that fails once excuses one finding of a kind.
    """
    lasting = any(one.kind.from_then_on for one in causes)
    excused: list[Finding] = []
    counted: Counter[str] = Counter()
    for one in found:
        if one.verdict is not Verdict.FAILED or one.undo_prevented is False:
            continue
        if one.undo_prevented is None and one.undone_by:
            counted[one.id] += 1
            if not one.undone_by & failing or (counted[one.id] > len(causes) and not lasting):
                continue
        excused.append(one)
    return excused


def _failing(
    schedule: Schedule, undoes: frozenset[str], undoing: frozenset[tuple[str, str]]
) -> dict[PlannedFault, frozenset[str]]:
    """Return what undoes and fails in the end, by the fault: it is at itself, at who requests it, or at its service."""
    found: dict[PlannedFault, frozenset[str]] = {}
    for fault in (one for one in schedule.faults if one.kind.fails_call):
        failing = {fault.call.activity, *(asked for asks, asked in undoing if asks == fault.call.activity)}
        if fault.kind.of_service:
            service = fault.call.activity.partition(".")[0]
            failing |= {one for one in undoes if one.partition(".")[0] == service}
        if undoes & failing:
            found[fault] = undoes & failing
    return found
