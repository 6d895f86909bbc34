"""What a campaign performs, and in what order; the runs are made by hand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness import ExploredRun, Target, at_most_once, undone_on_failure
from harness.errors import UsageError
from harness.events import RunBroken
from harness.evidence.calls import CallMade
from harness.evidence.history import Status
from harness.explore.model.invariant import Invariant
from harness.explore.model.schedule import PlannedFault, Schedule, parse
from harness.explore.search.campaign import Campaign, CampaignPlan
from harness.explore.search.exploration import Exploration
from harness.explore.search.resume_log import ResumeLog
from harness.oracle import Oracle
from harness.results import Result
from harness.verdict import Verdict
from tests.explored.shop.workflow import PlaceOrder
from tests.unit.explore.made import effect, made, ran, result_of

Perform = Callable[[Schedule], ExploredRun]
CALLS = (made("charge", order=1, bounded=True), made("ship", order=2, bounded=True))


class _Performer:
    """Runs by a function, and remembers what."""

    def __init__(self, perform: Perform, **said: Any) -> None:
        invariants = [undone_on_failure("charge", "refund")]
        self.processes = bool(said.pop("processes", False))
        self.target = Target(workflows=[PlaceOrder], workflow=PlaceOrder.run, **{"invariants": invariants, **said})
        self.jobs = 3
        self.shortened = ()
        self.performed: list[str] = []
        self.at_once = 0
        self._perform = perform

    async def run(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        """One schedule."""
        self.performed.append(str(schedule))
        await asyncio.sleep(0)
        return result_of(self._perform(schedule), expects)

    def problems(self, schedule: Schedule) -> Iterator[str]:
        """Whatever is said to be wrong."""
        yield from (f"{one} cannot be." for one in schedule.faults if one.kind.kills)

    def learn(self, _run: ExploredRun) -> None:
        """Nothing."""

    def alone(self) -> None:
        """One at a time."""
        self.jobs = 1


def sound(schedule: Schedule, **known: Any) -> ExploredRun:
    """A saga of two steps that undoes what it did."""
    kinds = {fault.call.activity: fault.kind.name for fault in schedule.faults}
    if kinds.get("ship") in {"non_retryable", "down", "lost_last", "cancelled"}:
        refund = made("refund", order=3)
        done = [effect("charge"), effect("refund")]
        if kinds.get("refund") == "non_retryable":
            done.pop()
        return ran(*done, status=Status.FAILED, schedule=schedule, calls=(*CALLS, refund), **known)
    return ran(effect("charge"), effect("ship"), schedule=schedule, calls=CALLS, **known)


def forgetful(schedule: Schedule) -> ExploredRun:
    """One that never refunds."""
    if any(one.call.activity == "ship" and one.kind.harm > 2 for one in schedule.faults):
        return ran(effect("charge"), status=Status.FAILED, schedule=schedule, calls=CALLS)
    return ran(effect("charge"), effect("ship"), schedule=schedule, calls=CALLS)


async def explore(perform: Perform, **said: Any) -> tuple[Exploration, _Performer]:
    """Explore by a plan."""
    plan, log = said.pop("plan", CampaignPlan()), said.pop("journal", None)
    explorer = _Performer(perform, **said)
    return await Campaign("shop", explorer, plan, resume_log=log).run(), explorer


async def test_every_single_fault_is_tried_once() -> None:
    """After the fault-free run, and counted."""
    exploration, explorer = await explore(sound)

    singles = [one for one in explorer.performed if one != "fault-free"]
    assert exploration.verdict is Verdict.PASSED
    assert len(singles) == len(set(singles)) == len(exploration.points)
    assert [str(one) for one in exploration.shares] == [f"{len(singles)} of {len(singles)} singles"]


async def test_a_promise_is_one_finding_with_its_smallest_schedule() -> None:
    """However many schedules break it."""
    exploration, _ = await explore(forgetful)

    (finding,) = exploration.findings
    assert exploration.verdict is Verdict.FAILED
    assert str(finding.schedule) == "ship#1:non_retryable"
    assert finding.repeats
    assert len(finding.others) == len([one for one in exploration.judged if one.broken]) - 1


async def test_a_second_fault_comes_after_one_that_changed_the_way_and_held() -> None:
    """Only then can it meet something that a single fault does not meet."""
    exploration, explorer = await explore(sound, plan=CampaignPlan(faults=2))

    pairs = [one for one in explorer.performed if "," in one]
    assert pairs
    assert all(one.startswith("ship#1:") and ",refund#1:" in one for one in pairs)
    assert len({one.partition(",")[0] for one in pairs}) == 1
    assert exploration.shares[1].explored == exploration.shares[1].of == len(pairs)


async def test_an_undo_that_is_refused_for_good_is_told_apart() -> None:
    """And fails nothing."""
    exploration, _ = await explore(sound, plan=CampaignPlan(faults=2))

    assert [bool(one.excluded) for one in exploration.findings] == [True]
    assert exploration.verdict is Verdict.PASSED


async def test_only_what_is_asked_for_is_performed() -> None:
    """By its name; a finding is shrunk all the same."""
    exploration, explorer = await explore(forgetful, plan=CampaignPlan(only=(parse("ship#1:zombie"),)))

    (finding,) = exploration.findings
    assert str(finding.schedule) == "ship#1:zombie"
    assert exploration.shares[0].of == 1
    assert next(one for one in explorer.performed if one != "fault-free") == "ship#1:zombie"


async def test_a_budget_that_is_used_up_leaves_schedules_out_and_says_so() -> None:
    """The most telling were begun first."""
    exploration, _ = await explore(sound, plan=CampaignPlan(budget=timedelta(microseconds=1)))

    assert exploration.shares[0].explored == 0
    assert exploration.shares[0].of == len(exploration.points)
    assert exploration.verdict is Verdict.INCONCLUSIVE


def test_a_budget_of_nothing_is_refused() -> None:
    """Nothing would be explored."""
    with pytest.raises(UsageError, match="the budget must be positive, got 0:00:00"):
        CampaignPlan(budget=timedelta(0))


async def test_what_fails_without_any_fault_comes_first_and_the_rest_is_explored() -> None:
    """What is broken each time is one finding, and only what is new under a fault is another."""

    def broken(schedule: Schedule) -> ExploredRun:
        twice = [effect("charge", attempt=2)] if str(schedule) == "charge#1:lost" else []
        return ran(effect("charge"), *twice, status=Status.FAILED, schedule=schedule, calls=CALLS)

    invariants = [undone_on_failure("charge", "refund"), at_most_once("charge")]
    exploration, explorer = await explore(broken, invariants=invariants)

    assert exploration.verdict is Verdict.FAILED
    assert [(one.id, str(one.schedule)) for one in exploration.findings] == [
        ("undone_on_failure(charge, refund)|charge", "fault-free"),
        ("at_most_once(charge)|charge", "charge#1:lost"),
    ]
    (singles,) = exploration.shares
    assert singles.explored == singles.of > 0
    assert explorer.performed.count("charge#1:lost") == 2
    assert {one.known for one in exploration.judged} == {True}


async def test_an_application_that_is_random_is_told_of() -> None:
    """With what varies."""
    flips = iter(range(100))

    def random(schedule: Schedule) -> ExploredRun:
        calls = CALLS if next(flips) % 2 else CALLS[:1]
        return ran(schedule=schedule, calls=calls)

    exploration, _ = await explore(random)

    assert exploration.verdict is Verdict.INCONCLUSIVE
    assert "not the same each time" in exploration.unclear[0]
    assert "ship#1" in exploration.unclear[0]


async def test_runs_that_share_state_go_on_one_at_a_time() -> None:
    """It shows when the fault-free run goes on several times at once."""
    begun: list[Schedule] = []

    def shared(schedule: Schedule) -> ExploredRun:
        begun.append(schedule)
        disturbed = 3 < len(begun) <= 7
        return ran(schedule=schedule, calls=CALLS[:1] if disturbed else CALLS)

    exploration, explorer = await explore(shared)

    assert explorer.jobs == 1
    assert any("share state" in one for one in exploration.notes)


async def test_a_breach_that_does_not_come_again_proves_nothing() -> None:
    """It is told as such."""
    seen: list[str] = []

    def flaky(schedule: Schedule) -> ExploredRun:
        seen.append(str(schedule))
        if str(schedule) == "ship#1:error" and seen.count("ship#1:error") == 1:
            return ran(effect("charge"), status=Status.FAILED, schedule=schedule, calls=CALLS)
        return ran(schedule=schedule, calls=CALLS)

    exploration, _ = await explore(flaky)

    assert exploration.findings[0].repeats is False
    assert exploration.verdict is Verdict.INCONCLUSIVE


async def test_a_run_that_did_not_end_is_performed_again_alone() -> None:
    """A busy machine is no mistake of the application's."""
    seen: list[str] = []

    def slow_once(schedule: Schedule) -> ExploredRun:
        seen.append(str(schedule))
        late = str(schedule) == "ship#1:lost" and seen.count("ship#1:lost") == 1
        return ran(schedule=schedule, calls=CALLS, open="activity ship at attempt 1" if late else "")

    exploration, _ = await explore(slow_once)

    assert exploration.verdict is Verdict.PASSED
    assert seen.count("ship#1:lost") == 2


async def test_what_never_ends_is_waited_for_as_seldom_as_can_be() -> None:
    """Two are performed again, once each: the mildest, which then tell of all, the finding included."""

    def hangs(schedule: Schedule) -> ExploredRun:
        late = any(fault.call.activity == "ship" for fault in schedule.faults)
        return ran(schedule=schedule, calls=CALLS, open="activity ship at attempt 1" if late else "")

    exploration, explorer = await explore(hangs)

    (finding,) = exploration.findings
    assert (finding.finding.oracle, finding.repeats) == ("terminates", True)
    hung = [one for one in explorer.performed if one.startswith("ship#1:")]
    twice = {one for one in hung if hung.count(one) == 2}
    assert len(hung) == len(set(hung)) + 2
    assert str(finding.schedule) in twice


async def test_what_the_target_does_not_want_is_told() -> None:
    """It counts neither as explored nor as held."""
    exploration, explorer = await explore(sound, without=["*:cancelled"])

    assert {str(one) for one in exploration.left_out} == {"charge#1:cancelled", "ship#1:cancelled"}
    assert not [one for one in explorer.performed if "cancelled" in one]


async def test_an_interruption_keeps_what_was_explored() -> None:
    """And is INCONCLUSIVE at best."""
    here: list[asyncio.Task[Any] | None] = []

    def interrupts(schedule: Schedule) -> ExploredRun:
        if str(schedule) == "ship#1:lost":
            task = here[0]
            assert task is not None
            task.cancel()
        return sound(schedule)

    here.append(asyncio.current_task())
    exploration, _ = await explore(interrupts)

    assert exploration.interrupted
    assert exploration.judged
    assert exploration.verdict is Verdict.INCONCLUSIVE


async def test_the_same_target_explored_twice_gives_the_same() -> None:
    """The same schedules in the same order, and the same findings."""
    plan = CampaignPlan(faults=2)
    first, _ = await explore(forgetful, plan=plan)
    second, _ = await explore(forgetful, plan=plan)

    assert [str(one.schedule) for one in first.judged] == [str(one.schedule) for one in second.judged]
    assert [one.id for one in first.findings] == [one.id for one in second.findings]
    assert SimpleNamespace(shares=first.shares) == SimpleNamespace(shares=second.shares)


async def test_a_second_fault_that_is_not_met_counts_as_not_explored() -> None:
    """The first one ended the workflow before it could strike."""

    def closes(schedule: Schedule) -> ExploredRun:
        return sound(schedule, reached=schedule.faults[:1])

    exploration, _ = await explore(closes, plan=CampaignPlan(faults=2))

    singles, pairs = exploration.shares
    assert singles.explored == singles.of
    assert (pairs.explored, pairs.of > 0) == (0, True)
    assert exploration.verdict is Verdict.PASSED


async def test_a_single_fault_that_is_not_met_proves_nothing() -> None:
    """It was met in the fault-free run."""

    def misses(schedule: Schedule) -> ExploredRun:
        return sound(schedule, reached=() if str(schedule) == "ship#1:lost" else None)

    exploration, _ = await explore(misses)

    assert exploration.verdict is Verdict.INCONCLUSIVE


async def test_shrinking_does_not_end_at_an_undo_that_is_refused_for_good() -> None:
    """What is told apart is no smaller schedule of a real mistake."""

    def broken(schedule: Schedule) -> ExploredRun:
        refund = made("refund", order=3)
        names = {fault.call.activity for fault in schedule.faults}
        if "refund" in names:
            return ran(effect("charge"), status=Status.FAILED, schedule=schedule, calls=(*CALLS, refund))
        return sound(schedule)

    pair = parse("ship#1:non_retryable,refund#1:lost_last")
    exploration, _ = await explore(broken, plan=CampaignPlan(only=(pair,)))

    assert "non_retryable" not in str(exploration.findings[0].schedule).partition("refund")[2]


async def test_what_failed_with_a_shortened_timeout_is_performed_again() -> None:
    """Another attempt may have met it, too, on a busy machine."""
    seen: list[str] = []

    def slow_once(schedule: Schedule) -> ExploredRun:
        seen.append(str(schedule))
        if str(schedule) == "ship#1:zombie" and seen.count("ship#1:zombie") == 1:
            return ran(effect("charge"), status=Status.FAILED, schedule=schedule, calls=CALLS)
        return sound(schedule)

    exploration, _ = await explore(slow_once)

    assert exploration.verdict is Verdict.PASSED
    assert seen.count("ship#1:zombie") == 2


def _journal(folder: Path, **about: Any) -> ResumeLog:
    return ResumeLog(folder / "journal.jsonl", about={"target": "shop", "code": {"shop.py": "a"}, **about})


@pytest.mark.parametrize("perform", [sound, forgetful])
async def test_a_campaign_that_is_resumed_ends_as_if_it_had_never_been_interrupted(
    tmp_path: Path, perform: Perform
) -> None:
    """The same schedules, verdicts and findings; what was explored is not performed again."""
    plan = CampaignPlan(faults=2)
    here: list[asyncio.Task[Any] | None] = []

    def interrupted(schedule: Schedule) -> ExploredRun:
        task = here[0]
        assert task is not None
        if str(schedule) == "ship#1:lost":
            task.cancel()
        return perform(schedule)

    whole, _ = await explore(perform, plan=plan)
    first = _journal(tmp_path)
    first.begin()
    here.append(asyncio.current_task())
    part, _ = await explore(interrupted, plan=plan, journal=first)
    second = _journal(tmp_path)
    kept = second.resume()
    rest, explorer = await explore(perform, plan=plan, journal=second)

    assert part.interrupted
    assert 0 < kept == rest.resumed < len(whole.judged)
    assert [(str(one.schedule), one.verdict, one.run.shape) for one in rest.judged] == [
        (str(one.schedule), one.verdict, one.run.shape) for one in whole.judged
    ]
    assert [(one.id, str(one.schedule), one.verdict) for one in rest.findings] == [
        (one.id, str(one.schedule), one.verdict) for one in whole.findings
    ]
    assert "charge#1:lost_last" not in explorer.performed


async def test_what_is_resumed_must_take_the_same_way_without_any_fault(tmp_path: Path) -> None:
    """Else what was explored is about another application."""
    first = _journal(tmp_path)
    first.begin()
    await explore(sound, journal=first)
    second = _journal(tmp_path)
    second.resume()

    with pytest.raises(UsageError, match=r"the run now differs \(.*pack#1"):
        await explore(lambda one: ran(effect("pack"), schedule=one, calls=(made("pack"),)), journal=second)


async def test_of_calls_that_are_much_the_same_some_are_met() -> None:
    """The first and the last; what was left out counts as unexplored."""
    calls = [made("charge", nth=nth, order=nth, bounded=True) for nth in range(1, 6)]
    calls += [made("event", nth=nth, order=5 + nth, event=True) for nth in range(1, 4)]

    def perform(schedule: Schedule) -> ExploredRun:
        return ran(effect("charge"), schedule=schedule, calls=tuple(calls))

    found, _ = await explore(perform, plan=CampaignPlan(calls=2), invariants=[])

    met = {str(one.schedule.faults[0].call) for one in found.judged}
    assert met == {"charge#1", "charge#2", "charge#5", "event#1", "event#2", "event#3"}
    (singles,) = found.shares
    assert singles.explored == len(found.judged) < singles.of


async def test_what_a_single_fault_has_shown_to_undo_is_told_apart_in_pairs() -> None:
    """Where no invariant names it; what also goes on without any fault has undone nothing."""

    def perform(schedule: Schedule) -> ExploredRun:
        known = sound(schedule)
        seen = {("refund", "bank.refund"), ("charge", "bank.refund")} if len(known.calls) > len(CALLS) else set()
        return sound(schedule, undoes=seen)

    def left(run: ExploredRun) -> bool:
        return not run.failed or bool(run.effects_of("refund"))

    undone = Invariant(name="undone", check=left, undoes=frozenset({"bank.refund"}))
    found, _ = await explore(perform, plan=CampaignPlan(faults=2), invariants=[undone])

    apart = [str(one.schedule) for one in found.judged if one.excused]
    assert apart
    assert all("refund#1" in one for one in apart)
    assert found.verdict is Verdict.PASSED


async def test_what_cannot_be_performed_is_told_before_anything_is() -> None:
    """All of it at once."""
    only = [parse("charge#1:killed_after"), parse("charge#1:lost"), parse("ship#1:killed_before")]

    with pytest.raises(UsageError) as refused:
        await explore(sound, plan=CampaignPlan(only=only))

    assert refused.value.problems == ("charge#1:killed_after cannot be.", "ship#1:killed_before cannot be.")


async def test_a_kill_follows_the_mildest_fault_that_allows_it() -> None:
    """Another fault made the run take the same way; only what it does not allow comes after this one."""
    calls = (
        made("ship", order=1, bounded=True),
        made("carrier.ship", order=2, request=True),
    )

    def perform(schedule: Schedule) -> ExploredRun:
        refused = any(one.kind.name in {"non_retryable", "http_400"} for one in schedule.faults)
        further = (made("refund", order=3),) if refused else ()
        return ran(schedule=schedule, calls=(*calls, *further), status=Status.FAILED if refused else Status.COMPLETED)

    found, _ = await explore(perform, plan=CampaignPlan(faults=2), invariants=[], processes=True)

    pairs = {str(one.schedule) for one in found.judged if len(one.schedule.faults) > 1}
    assert "carrier.ship#1:http_400,refund#1:killed_before" in pairs
    assert "ship#1:non_retryable,refund#1:lost" in pairs
    after = {one for one in pairs if one.startswith("carrier.ship#1:http_400")}
    assert {one for one in after if "killed" not in one} == set()


def _received(nth: int, order: int, what: str) -> CallMade:
    return made("event", nth=nth, order=order, event=True, received=what)


def _racing(schedule: Schedule, *, first: bool) -> ExploredRun:
    """A workflow that ships when a signal comes before a timer."""
    begun = [made("charge", order=1), _received(1, 2, "a signal" if first else "a timer")]
    if not first:
        reached = _reached(schedule, begun)
        return ran(effect("charge"), schedule=schedule, calls=begun, result="too late", reached=reached)
    begun += [made("ship", order=3), _received(2, 4, "a timer")]
    return ran(effect("charge"), effect("ship"), schedule=schedule, calls=begun, reached=_reached(schedule, begun))


def _reached(schedule: Schedule, calls: Sequence[CallMade]) -> list[PlannedFault]:
    return [one for one in schedule.faults if one.call in {known.call for known in calls}]


@pytest.mark.parametrize("turns", [(True, False), (False, True, True, True), (True, True, True, True, False, True)])
async def test_a_race_is_reported_with_both_endings_and_as_nothing_else(turns: tuple[bool, ...]) -> None:
    """No state leaks; a fault at a call that only one ending has says nothing new where it does not find it."""
    turn = cycle(turns)
    exploration, explorer = await explore(lambda one: _racing(one, first=next(turn)), invariants=[])

    (note,) = exploration.notes
    assert note.startswith("a race inside one run: the order in which things arrive decides how it ends.")
    assert "ship#1" in note
    assert '"too late"' in note
    assert "a signal" in note
    assert exploration.verdict is Verdict.PASSED
    assert explorer.jobs == 3
    assert "ship" in {one.activity for one in exploration.sometimes}


async def test_a_race_that_only_shows_later_is_one_all_the_same() -> None:
    """A run whose fault was not injected is one without any fault."""

    def late(schedule: Schedule) -> ExploredRun:
        return _racing(schedule, first=not any(one.call.activity == "ship" for one in schedule.faults))

    exploration, _ = await explore(late, invariants=[])

    assert "a race inside one run" in exploration.notes[0]
    assert exploration.verdict is Verdict.PASSED
    (singles,) = exploration.shares
    assert 0 < singles.explored < singles.of


async def test_a_run_that_the_harness_broke_is_no_race() -> None:
    """Its record has a hole, which is no other way that the application took; why it broke is told."""

    def torn(schedule: Schedule) -> ExploredRun:
        if any(one.call.activity == "ship" for one in schedule.faults):
            broken = RunBroken(what="no process could be started.")
            return ran(schedule=schedule, calls=[_received(1, 1, "a timer")], reached=[], events=[broken])
        return _racing(schedule, first=True)

    exploration, _ = await explore(torn, invariants=[])

    assert exploration.notes == ()
    assert exploration.sometimes == frozenset()
    assert exploration.verdict is Verdict.INCONCLUSIVE


async def test_the_order_of_effects_alone_is_no_race() -> None:
    """Two activities that go on at once take effect in either order, and the run ends the same way."""
    orders = cycle([("charge", "ship"), ("ship", "charge")])

    def at_once(schedule: Schedule) -> ExploredRun:
        effects = [effect(name) for name in next(orders)]
        calls = [made("charge", order=1), made("ship", order=2)]
        reached = [one for one in _reached(schedule, calls) if one.kind.name != "lost"]
        return ran(*effects, schedule=schedule, calls=calls, reached=reached)

    exploration, _ = await explore(at_once, invariants=[])

    assert exploration.notes == ()
    assert exploration.sometimes == frozenset()
    assert exploration.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("declared", [{"reset": lambda _token: None}, {"world": lambda _token: None}])
async def test_state_is_not_blamed_where_each_run_has_its_own(declared: Any) -> None:
    """What varies is reported, and no advice is given that has been followed."""
    first = iter([True])

    def changes(schedule: Schedule) -> ExploredRun:
        return ran(schedule=schedule, calls=CALLS if next(first, False) else CALLS[:1])

    exploration, _ = await explore(changes, invariants=[], **declared)

    assert "the fault-free run is not the same each time" in exploration.unclear[0]
    assert "reset(token)" not in " ".join([*exploration.unclear, *exploration.notes])


async def test_state_that_leaks_from_one_run_to_the_next_is_still_reported() -> None:
    """It takes another way although it receives the same."""
    first = iter([True])

    def changes(schedule: Schedule) -> ExploredRun:
        return ran(schedule=schedule, calls=CALLS if next(first, False) else CALLS[:1])

    exploration, _ = await explore(changes, invariants=[])

    assert "state leaks between runs; provide reset(token)" in exploration.unclear[0]


THREE = tuple(made("charge", nth=nth, order=nth, bounded=True) for nth in (1, 2, 3))


def _sloppy(schedule: Schedule) -> ExploredRun:
    """Charges three times; charges again after an answer that was lost, and fails unrefunded after the last one."""
    effects = [effect("charge", nth=nth) for nth in (1, 2, 3)]
    hit = [one for one in schedule.faults if one.call.activity == "charge"]
    status = Status.COMPLETED
    for one in hit:
        if one.kind.name == "lost":
            effects.append(effect("charge", nth=one.call.nth, attempt=2))
        if one.kind.name in {"lost_last", "cancelled"}:
            status = Status.CANCELED if one.kind.cancels else Status.FAILED
    return ran(*effects, status=status, schedule=schedule, calls=THREE)


def _charges(run: ExploredRun) -> Iterator[str]:
    """One invariant that can be broken in two ways."""
    twice = len(run.effects) - len({one.call for one in run.effects})
    if twice:
        yield f"{len(run.effects)} charges in {run.token}, {twice} of them twice"
    if run.failed:
        yield f"failed with {len(run.effects)} charges standing"


async def test_two_mistakes_under_one_invariant_are_two_findings_each_at_every_call() -> None:
    """Numbers and run ids aside; the first call of each is shrunk and repeated, the others follow it."""
    exploration, _ = await explore(_sloppy, invariants=[_charges])

    found = [(str(one.schedule), one.repeats, str(one.same_as or "")) for one in exploration.findings]
    assert found == [
        ("charge#1:lost", True, ""),
        ("charge#2:lost", None, "charge#1:lost"),
        ("charge#3:lost", None, "charge#1:lost"),
        ("charge#1:lost_last", True, ""),
        ("charge#2:lost_last", None, "charge#1:lost_last"),
        ("charge#3:lost_last", None, "charge#1:lost_last"),
    ]
    assert {one.id for one in exploration.findings} == {"_charges"}
    assert [str(one) for one in exploration.findings[3].others] == ["charge#1:cancelled"]


async def test_what_only_a_cancellation_shows_comes_last() -> None:
    """However harmful it is."""

    def careless(schedule: Schedule) -> ExploredRun:
        kinds = {one.kind.name for one in schedule.faults if one.call.activity == "ship"}
        twice = [effect("charge", attempt=2)] if "cancelled" in kinds else []
        late = "late" if "lost" in kinds else "in time"
        return ran(effect("charge"), *twice, schedule=schedule, calls=CALLS, result=late)

    def in_time(run: ExploredRun) -> bool:
        return bool(run.outcome.result != "late")

    exploration, _ = await explore(careless, invariants=[at_most_once("charge"), in_time])

    assert [(one.finding.oracle, one.cancels) for one in exploration.findings] == [
        ("in_time", False),
        ("at_most_once(charge)", True),
    ]


async def test_the_most_harmful_comes_first() -> None:
    """Something done twice before a wrong result."""

    def careless(schedule: Schedule) -> ExploredRun:
        kinds = {one.kind.name for one in schedule.faults if one.call.activity == "ship"}
        twice = [effect("charge", attempt=2)] if "lost_last" in kinds else []
        return ran(
            effect("charge"), *twice, schedule=schedule, calls=CALLS, result="late" if "error" in kinds else "in time"
        )

    def in_time(run: ExploredRun) -> bool:
        return bool(run.outcome.result != "late")

    exploration, _ = await explore(careless, invariants=[in_time, at_most_once("charge")])

    assert [one.finding.oracle for one in exploration.findings] == ["at_most_once(charge)", "in_time"]


async def test_a_pair_is_shown_only_where_no_single_of_it_shows_the_same() -> None:
    """A single fault at the refund shows it already; with a fault at the shipment before it, it is nothing new."""

    def broken(schedule: Schedule) -> ExploredRun:
        calls = (*CALLS, made("refund", order=3, bounded=True))
        hit = {one.call.activity for one in schedule.faults}
        result = ("lost" if "refund" in hit else "") + ("both" if {"ship", "charge"} <= hit else "")
        return ran(schedule=schedule, calls=calls, result=result)

    def kept(run: ExploredRun) -> Iterator[str]:
        said = run.outcome.result or ""
        yield from (text for text in ("lost", "both") if text in said)

    only = [parse("refund#1:lost"), parse("ship#1:lost,refund#1:lost"), parse("charge#1:lost,ship#1:lost")]
    exploration, _ = await explore(broken, invariants=[kept], plan=CampaignPlan(only=only))

    assert {(one.title, len(one.schedule.faults)) for one in exploration.findings} == {("lost", 1), ("both", 2)}


async def test_nothing_is_begun_once_the_budget_is_used_up() -> None:
    """No run is repeated and nothing is shrunk; what was found is a finding all the same."""
    performed = 0

    def uses_it_up(schedule: Schedule) -> ExploredRun:
        nonlocal performed
        performed += 1
        if performed == 15:
            time.sleep(1.1)
        return forgetful(schedule)

    budget = CampaignPlan(budget=timedelta(seconds=1))
    exploration, explorer = await explore(uses_it_up, plan=budget)

    assert len(explorer.performed) < 15 + explorer.jobs
    assert exploration.shares[0].explored < exploration.shares[0].of
    assert [one.repeats for one in exploration.findings if one.same_as is None] == [None]
    assert exploration.verdict is Verdict.FAILED


async def confirmed_by(perform: Perform, plan: CampaignPlan | None = None) -> tuple[Exploration, list[str]]:
    """Explore an application that never refunds; what counts is run by another function."""
    explorer, counted = _Performer(forgetful), list[str]()

    async def confirm(schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        counted.append(str(schedule))
        return result_of(perform(schedule), expects)

    return await Campaign("shop", explorer, plan or CampaignPlan(), confirm=confirm).run(), counted


async def test_a_finding_is_confirmed_where_it_counts() -> None:
    """The shrunk one, once: its story is told by that run."""
    exploration, counted = await confirmed_by(forgetful)

    (lead,) = (one for one in exploration.findings if one.same_as is None)
    assert counted == [str(lead.schedule)]
    assert (lead.confirmed, lead.repeats, lead.verdict) == (True, True, Verdict.FAILED)


async def test_what_does_not_come_where_it_counts_is_no_failure() -> None:
    """It is kept, to be listed, and the exploration passes."""
    exploration, _ = await confirmed_by(sound)

    assert [(one.confirmed, one.verdict) for one in exploration.findings] == [(False, Verdict.PASSED)]
    assert exploration.verdict is Verdict.PASSED


async def test_what_is_not_shrunk_is_not_confirmed_either() -> None:
    """Nobody has run it where it counts."""
    exploration, counted = await confirmed_by(forgetful, CampaignPlan(shrinks=False))

    assert counted == []
    assert {one.confirmed for one in exploration.findings} == {False}
