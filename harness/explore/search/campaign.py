"""A campaign: the fault-free run, then every single fault, then every second one after it; findings are shrunk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from harness.errors import UsageError
from harness.events import now
from harness.evidence.calls import CallMade, CallName
from harness.explore.invariants.same_outcome import same_outcome_as_without_fault
from harness.explore.model.backend import Backend, Run
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant, named
from harness.explore.model.schedule import PlannedFault, Schedule
from harness.explore.search.baseline_run import FaultFree, fault_free
from harness.explore.search.exploration import Exploration, SmallestFailure, shares_of
from harness.explore.search.fault_points import faults_at, most_telling_first, that_began, wrong_patterns
from harness.explore.search.findings import Group, by_id, grouped, in_reading_order
from harness.explore.search.judge import Bug, Judged, bug_of, judged, without_known
from harness.explore.search.races import Race, is_race
from harness.explore.search.resume_log import ResumeLog
from harness.explore.search.selection import chosen, extended, refuse_unmatched, remark_on
from harness.explore.search.shrink import shrink, size
from harness.library_internals.activity_definition import activity_name
from harness.verdict import Finding

BELIEVED_AFTER = 2
"""How many runs that did not end must have done so twice, for the others not to be run again."""

AGAIN_AT_ONCE = 4
"""How many runs that failed with a shortened timeout are run again concurrently."""

TRIES = 4
"""How many schedules with a finding are run once more, until it comes again."""


@dataclass(frozen=True, kw_only=True)
class CampaignPlan:
    """What a campaign shall do.

    Attributes:
        faults: How many faults one schedule may have: 1 for singles, 2 for pairs too.
        budget: When it is over, no further schedule is begun; None for no limit.
        calls: Of several calls of one activity, and requests for one operation, faults are injected only at so many of
            the first, and the last; None for all. At what a workflow receives they are injected in any case.
        only: The schedules to run, and no others; none for all.
        real_time: Whether timeouts take what they take.
        shrinks: Whether findings are shrunk and repeated.
    """

    faults: int = 1
    budget: timedelta | None = None
    calls: int | None = None
    only: Sequence[Schedule] = ()
    real_time: bool = False
    shrinks: bool = True

    def __post_init__(self) -> None:
        if self.budget is not None and self.budget <= timedelta(0):
            raise UsageError(f"the budget must be positive, got {self.budget}.")


@dataclass
class _Kept:
    """What is known so far."""

    judged: dict[Schedule, Judged] = field(default_factory=dict)
    planned: list[list[Schedule]] = field(default_factory=list)
    settled: set[Schedule] = field(default_factory=set)
    never_ended: set[Schedule] = field(default_factory=set)
    recalled: int = 0
    again: int = 0
    sometimes: set[CallName] = field(default_factory=set)
    races: list[Race] = field(default_factory=list)
    interrupted: bool = False


class Campaign:
    """Explores one target.

    Args:
        name: How the target was named.
        backend: Runs its schedules.
        plan: What to do.
        notify: Receives each run as it is judged, its number, and how many there are.
        resume_log: Keeps each judged run, and knows those of a campaign that this one resumes.
        confirm: Runs a schedule where what it shows counts; None where every run does.
    """

    def __init__(
        self,
        name: str,
        backend: Backend,
        plan: CampaignPlan,
        *,
        notify: Callable[[Judged, int, int], None] = lambda _judged, _done, _of: None,
        resume_log: ResumeLog | None = None,
        confirm: Run | None = None,
    ) -> None:
        self._name = name
        self._confirm, self._counts = confirm, confirm is None
        self._backend = backend
        self._target = backend.target
        self._plan = plan
        self._notify = notify
        self._resume_log = resume_log
        self._kept = _Kept()
        self._invariants: list[Invariant] = [*map(named, self._target.invariants)]
        self._reads = frozenset(activity_name(one) for one in self._target.reads)
        self._calls: dict[str, CallMade] = {}
        self._until: float | None = None
        self._fault_free: FaultFree
        self._known: set[Bug] = set()
        self._undoing: frozenset[tuple[str, str]] = frozenset()

    async def run(self) -> Exploration:
        """Explore; an interruption (the task is cancelled) ends it in good order with what there is.

        Raises:
            HarnessError: The worker or the target itself is broken.
            UsageError: What is resumed is about another application, or a schedule is none of its.
        """
        problems = [*wrong_patterns(self._target.without)]
        problems += [text for one in self._plan.only for text in self._backend.problems(one)]
        if problems:
            raise UsageError(*problems)
        began = now()
        if self._plan.budget is not None:
            self._until = asyncio.get_running_loop().time() + self._plan.budget.total_seconds()
        first = await fault_free(self._backend, self._invariants, over=self._over)
        self._backend.learn(first.judged.run)
        self._undoing = first.judged.run.undoes
        self._fault_free = first
        self._kept.sometimes |= first.race.sometimes if first.race else set()
        self._known = {bug_of(finding) for one in first.broken for finding in one.broken}
        refuse_unmatched(self._target, first.judged.run, only=self._plan.only)
        if first.shares_state:
            self._backend.alone()
        if first.result_is_stable and first.judged.verdict == 0:
            self._invariants.append(same_outcome_as_without_fault(first.judged.run))
        if self._resume_log is not None and first.race is None:
            self._resume_log.without_fault(first.judged.run)
        try:
            await self._explore(first.judged.run)
            findings = await self._findings()
        except asyncio.CancelledError:
            self._kept.interrupted = True
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            findings = [group.unshrunk(confirmed=self._counts) for group in self._groups()]
        return Exploration(
            target=self._name,
            began=began,
            took=now() - began,
            fault_free=first.judged,
            judged=tuple(self._kept.judged.values()),
            findings=(*self._without_fault(), *in_reading_order(findings), *self._excluded()),
            advice=by_id(
                ((one, finding) for one in self._kept.judged.values() for finding in one.advice), undoes=self._undoes
            ),
            points=tuple(self._faults_of(that_began(first.judged.run))),
            shares=shares_of(self._kept.planned, self._kept.judged),
            left_out=tuple(self._left_out(first.judged.run)),
            notes=(*first.notes, *map(str, self._kept.races)),
            remark=remark_on(self._target, first.judged.run),
            unclear=first.unclear,
            sometimes=frozenset(self._kept.sometimes),
            interrupted=self._kept.interrupted,
            tried_again=self._kept.again,
            resumed=self._kept.recalled,
        )

    # --- schedules ---

    async def _explore(self, run: ExploredRun) -> None:
        if self._plan.only:
            await self._perform(list(self._plan.only))
            return
        singles = [Schedule(faults=(one,)) for one in most_telling_first(self._faults_of(that_began(run)))]
        frontier = await self._perform(chosen(singles, run.calls, first=self._plan.calls), of=singles)
        for _ in range(1, self._plan.faults):
            self._undoing = self._undoing_by_now(run)
            further = extended(run, frontier, faults_of=self._faults_of, first=self._plan.calls)
            frontier = await self._perform(further)

    def _undoing_by_now(self, without: ExploredRun) -> frozenset[tuple[str, str]]:
        """What has been seen to undo; what also goes on where nothing is undone has only gone on at the same time."""
        does = {made.call.activity for made in without.calls} - {activity for activity, _ in without.undoes}
        seen = without.undoes.union(*(one.run.undoes for one in self._kept.judged.values()))
        return frozenset((activity, asked) for activity, asked in seen if activity not in does)

    async def _perform(self, schedules: list[Schedule], *, of: list[Schedule] | None = None) -> list[Judged]:
        """Perform schedules, many at once, in the order given, until the budget is used up.

        Args:
            schedules: Which.
            of: All that there are, if they are more.
        """
        self._kept.planned.append(schedules if of is None else of)
        waiting = iter(schedules)
        done: dict[Schedule, Judged] = {}

        async def work() -> None:
            for schedule in waiting:
                if self._over():
                    return
                done[schedule] = self._recalled(schedule) or await self._judged(schedule)
                self._keep(done[schedule], settled=schedule in self._kept.settled)
                self._notify(done[schedule], len(done), len(schedules))

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._backend.jobs, len(schedules))):
                group.create_task(work())
        await self._once_more_alone(done)
        self._look_for_races(done.values())
        # In the order of the plan, whatever order they ended in.
        for schedule in [one for one in schedules if one in done]:
            self._kept.judged[schedule] = self._kept.judged.pop(schedule)
        return [done[one] for one in schedules if one in done]

    async def _once_more_alone(self, done: dict[Schedule, Judged]) -> None:
        """Perform again what a busy machine may have caused, and believe what comes then.

        Almost alone, what did not end or whose fault was not injected; once some have shown that they never end, the
        others are believed. A few at a time, what failed with a timeout that was shortened: it may have ended
        another attempt, too.
        """
        if self._over():
            return
        # What does not end without any fault either is no news, and costs a deadline each time.
        news = {one: known for one, known in done.items() if known.broken or not (known.run.open and known.known)}
        doubtful = [one for one, known in news.items() if known.run.open or known.unclear]
        open_ = sorted((one for one in doubtful if done[one].run.open), key=size)
        # At once: they mostly wait, and one deadline is then waited for instead of two. The mildest, which is what
        # a finding is shrunk to.
        at_once = open_[:BELIEVED_AFTER]
        known = await asyncio.gather(*(self._once_more(one, done) for one in at_once))
        genuine = sum(bool(one.run.open) for one in known)
        for schedule in [one for one in doubtful if one not in at_once]:
            if done[schedule].run.open and genuine >= BELIEVED_AFTER:
                continue
            genuine += bool((await self._once_more(schedule, done)).run.open)
        few = asyncio.Semaphore(AGAIN_AT_ONCE)

        async def again(schedule: Schedule) -> None:
            async with few:
                if self._over():
                    return
                await self._again(schedule, done)

        failed = [one for one, known in done.items() if known.broken and known.run.ended]
        async with asyncio.TaskGroup() as group:
            for schedule in failed:
                if schedule not in self._kept.settled and any(fault.kind.times_out for fault in schedule.faults):
                    group.create_task(again(schedule))

    async def _once_more(self, schedule: Schedule, done: dict[Schedule, Judged]) -> Judged:
        first = done[schedule]
        if self._over():
            return first
        known = first if schedule in self._kept.settled else await self._again(schedule, done)
        if known is not first and first.run.open and known.run.open:
            self._kept.never_ended.add(schedule)
        return known

    async def _again(self, schedule: Schedule, done: dict[Schedule, Judged]) -> Judged:
        self._kept.again += 1
        done[schedule] = await self._judged(schedule)
        self._keep(done[schedule], settled=True)
        return done[schedule]

    def _recalled(self, schedule: Schedule) -> Judged | None:
        """Return what a campaign that this one resumes found; that one went as far as this one would have gone."""
        if self._resume_log is None or (found := self._resume_log.recall(schedule)) is None:
            return None
        recalled, settled = found
        self._kept.recalled += 1
        self._kept.settled |= {schedule} if settled else set()
        return recalled

    def _keep(self, one: Judged, *, settled: bool) -> None:
        known = one.schedule in self._kept.judged
        self._kept.judged[one.schedule] = one
        if self._resume_log is not None and (known or not self._resume_log.knows(one.schedule)):
            self._resume_log.keep(one, settled=settled)

    async def _judged(self, schedule: Schedule, *, run: Run | None = None) -> Judged:
        ran = await (run or self._backend.run)(schedule, self._invariants)
        usual = self._fault_free.activities
        found = judged(ran.evidence, ran.findings, self._invariants, undoing=self._undoing, usual=usual)
        return without_known(found, self._known)

    def _faults_of(self, calls: Iterable[CallMade]) -> list[PlannedFault]:
        patience = self._target.deadline.total_seconds() / 3 if self._plan.real_time else None
        found: list[PlannedFault] = []
        for made in calls:
            self._calls.setdefault(str(made.call), made)
            found += faults_at(
                made,
                reads=self._reads,
                without=self._target.without,
                patience=patience,
                processes=self._backend.processes,
            )
        return found

    def _left_out(self, run: ExploredRun) -> list[PlannedFault]:
        wanted = set(self._faults_of(run.calls))
        return [
            one
            for made in run.calls
            for one in faults_at(made, reads=self._reads, processes=self._backend.processes)
            if one not in wanted
        ]

    def _over(self) -> bool:
        """Whether the budget is used up: nothing further is begun then."""
        return self._until is not None and asyncio.get_running_loop().time() >= self._until

    def _look_for_races(self, done: Iterable[Judged]) -> None:
        """Find the calls that were not made although nothing had gone wrong yet: a run like one without any fault."""
        without = self._fault_free.judged.run
        for one in done:
            if len(one.schedule.faults) == 1 and one.run.ended and one.missed and is_race(one.run, without):
                race = Race(runs=(without, one.run))
                self._kept.sometimes |= race.sometimes
                if self._fault_free.race is None and not self._kept.races:
                    self._kept.races.append(race)

    # --- findings ---

    def _without_fault(self) -> list[SmallestFailure]:
        """Return what is broken without any fault."""
        found: dict[Bug, SmallestFailure] = {}
        for one in self._fault_free.broken:
            for finding in one.broken:
                failure = SmallestFailure(finding=finding, judged=one, undoes=self._undoes(finding))
                found.setdefault(bug_of(finding), failure)
        return in_reading_order([one] for one in found.values())

    def _groups(self) -> list[Group]:
        """Return what each mistake was found by."""
        found = ((one, finding) for one in self._kept.judged.values() for finding in one.broken if not finding.excluded)
        return grouped(found, undoes=self._undoes)

    def _excluded(self) -> tuple[SmallestFailure, ...]:
        found = ((one, finding) for one in self._kept.judged.values() for finding in one.broken if finding.excluded)
        return by_id(found, undoes=self._undoes)

    def _undoes(self, finding: Finding) -> frozenset[str]:
        return frozenset().union(*(one.undoes for one in self._invariants if one.name == finding.oracle))

    async def _findings(self) -> list[list[SmallestFailure]]:
        groups = self._groups()
        if not self._plan.shrinks:
            return [group.unshrunk(confirmed=self._counts) for group in groups]
        return [await self._shrunk(group) for group in groups]

    async def _shrunk(self, group: Group) -> list[SmallestFailure]:
        """Return a mistake with its smallest schedule, which is run once more, and what else shows it."""
        tried = dict(self._kept.judged)
        doubtful: dict[Schedule, Judged] = {}
        repeats, smallest = False, group.schedules[0]

        async def breaks(schedule: Schedule, *, run: Run | None = None) -> bool:
            if schedule not in tried:
                if self._over():
                    return False
                self._kept.again += 1
                tried[schedule] = await self._judged(schedule, run=run)
            return group.bug in {bug_of(one) for one in tried[schedule].broken if not one.excluded}

        for candidate in group.schedules[:TRIES]:
            if not await breaks(candidate):
                continue
            smallest = await shrink(candidate, breaks=breaks, milder=self._milder)
            if self._over():
                return group.led_by(tried[smallest], repeats=None, confirmed=self._counts)
            # Twice, the second time alone: a third wait until its deadline would show nothing new.
            twice = smallest in self._kept.never_ended and group.oracle == "terminates" and self._counts
            once = tried[smallest] if twice else tried.pop(smallest)
            if twice or await breaks(smallest, run=self._confirm):
                repeats = True
                break
            # It came once, perhaps since the machine was busy; under another schedule it may come every time.
            doubtful.setdefault(smallest, once)
        if repeats:
            return group.led_by(tried[smallest], repeats=True, without=doubtful)
        return group.doubted(next(iter(doubtful.values())), tried=doubtful, confirmed=self._counts)

    def _milder(self, fault: PlannedFault) -> list[PlannedFault]:
        made = self._calls.get(str(fault.call))
        known = [] if made is None else self._faults_of([made])
        # What shows without a cancellation is not shown with one.
        milder = (one for one in known if one.kind.harm < fault.kind.harm and one.kind.cancels <= fault.kind.cancels)
        return sorted(milder, key=lambda one: one.kind.harm)
