"""The verdict of a run is reached from its evidence alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from fakes.flights import Flights
from harness import (
    After,
    AtStart,
    Evidence,
    Fault,
    Finding,
    FirstCalls,
    FromCall,
    HttpError,
    Latency,
    OnEvent,
    Oracle,
    Outcome,
    Recorded,
    ReplaysCleanly,
    RetrySchedule,
    Scenario,
    StuckTask,
    TimeoutKind,
    Trigger,
    Verdict,
    Window,
    broken,
)
from harness.events import (
    ConnectionCarried,
    DeadlinePassed,
    Event,
    FaultArmed,
    FaultFired,
    Replayed,
    RunBroken,
    RunInterrupted,
    WorkflowTaskStuck,
)
from harness.evidence.schedule_events import LoopBlocked, NotAtRest
from harness.evidence.worker_built import WorkerBuilt
from harness.judge import judge
from scenarios.saga import all_well
from tests.unit.builders import closed, completed, evidence, finding, history, received, recorded

REPLAYED = Replayed(workflow_id="trip-1", run_id="run-1", error=None)
NAME = "http_error@flights.book"


def scenario(*, expects: Sequence[Oracle] = (Outcome(),), faults: Sequence[Fault] = ()) -> Scenario:
    """A scenario with these expectations and faults."""
    base = all_well.scenario
    return Scenario(
        application=base.application, workflow=base.workflow, uses=base.uses, expects=expects, faults=faults
    )


def fired(times: int, *, name: str = NAME) -> list[Event]:
    """A fault was armed, and fired so often."""
    return [FaultArmed(fault=name), *(FaultFired(fault=name) for _ in range(times))]


def test_a_sound_run_has_no_findings() -> None:
    """Completed, replayed, every fault fired: nothing to say."""
    told = evidence(fired(1), REPLAYED, completed())

    assert judge(scenario(faults=[HttpError(on=Flights.book)]), told) == ()


@pytest.mark.parametrize(
    ("when", "fine", "vacuous"),
    [
        pytest.param(AtStart(), [1, 2, 9], [0], id="always"),
        pytest.param(FromCall(n=2), [1, 9], [0], id="from-call"),
        pytest.param(After(delay=timedelta(0)), [1, 9], [0], id="after"),
        pytest.param(OnEvent(type="TimerStarted"), [1, 9], [0], id="on-event"),
        pytest.param(Window(opens=AtStart(), closes=FromCall(n=2)), [1, 9], [0], id="window"),
        pytest.param(FirstCalls(n=1), [1], [0, 2], id="first-call"),
        pytest.param(FirstCalls(n=3), [3], [0, 2, 4], id="first-calls"),
        pytest.param(FirstCalls(n=3, of=Flights.book), [3], [2, 4], id="first-calls-of-its-own"),
        pytest.param(FirstCalls(n=3, of=Flights.cancel), [1, 9], [0], id="first-calls-of-another"),
    ],
)
def test_a_fault_must_fire_as_its_trigger_declares(when: Trigger, fine: list[int], vacuous: list[int]) -> None:
    """Too few firings prove nothing, and more than declared are another fault."""
    tested = scenario(faults=[HttpError(on=Flights.book, when=when)])

    for times in fine:
        assert judge(tested, evidence(fired(times), REPLAYED, completed())) == (), times
    for times in vacuous:
        (found,) = judge(tested, evidence(fired(times), REPLAYED, completed()))
        assert (found.oracle, found.verdict, found.refs) == ("fault_not_fired", Verdict.INCONCLUSIVE, (NAME,)), times


def test_a_vacuous_fault_is_told_with_what_was_seen_instead() -> None:
    """The reader learns what was declared, whether it was ever armed, and what reached the target."""
    tested = scenario(faults=[HttpError(on=Flights.book, when=FirstCalls(n=2))])
    (armed,) = judge(tested, evidence(fired(0), received("flights.cancel"), REPLAYED, completed()))
    (never,) = judge(tested, evidence(REPLAYED, completed()))

    assert armed.title == f"the fault {NAME} never fired; declared: exactly 2."
    assert "HttpError(on=flights.book" in armed.detail
    assert "it was armed" in armed.detail
    assert "seen instead: 0 calls of flights.book; other calls: flights.cancel#1" in armed.detail
    assert "never armed" in never.detail


def test_two_faults_of_one_kind_are_counted_apart() -> None:
    """Firings of the first do not vouch for the second."""
    pair = [HttpError(on=Flights.book, status=500), HttpError(on=Flights.book, status=503)]
    found = judge(scenario(faults=pair), evidence(fired(3), fired(0, name=f"{NAME}~2"), REPLAYED, completed()))

    assert [one.refs for one in found] == [(f"{NAME}~2",)]


def test_a_fault_on_the_wire_is_counted_by_the_connections_it_acted_on() -> None:
    """A connection that merely passed by is not a firing, nor is a toxic of another name."""
    tested = scenario(faults=[Latency(on=Flights, delay=timedelta(seconds=1))])

    def carried(*toxics: str) -> ConnectionCarried:
        return ConnectionCarried(service="flights", closed_at=None, toxics=toxics, bytes_up=1, bytes_down=1, end="fin")

    hit = judge(tested, evidence(carried(), carried("latency@flights"), REPLAYED, completed()))
    missed = judge(tested, evidence(carried(), carried("latency@hotels"), REPLAYED, completed()))

    assert hit == ()
    assert [one.oracle for one in missed] == ["fault_not_fired"]


@pytest.mark.parametrize(
    "end",
    [RunBroken(what="the proxy went away."), RunInterrupted(), NotAtRest(what="child workflow c goes on", seconds=5)],
    ids=["broken", "interrupted", "not at rest"],
)
def test_half_a_run_says_only_that_it_is_half(end: Event) -> None:
    """Neither a missing fault nor a wrong result of such a run is the application's, and it does not pass."""
    tested = scenario(expects=[Outcome(result={"success": True})], faults=[HttpError(on=Flights.book)])
    found = judge(tested, evidence(end, completed({"success": False})))

    assert [(one.oracle, one.verdict) for one in found] == [("run", Verdict.INCONCLUSIVE)]


def test_a_stuck_workflow_task_convicts_with_its_traceback() -> None:
    """It is the first thing to look at, and the other findings come behind it."""
    stuck = WorkflowTaskStuck(workflow_id="w", cause="NON_DETERMINISTIC_ERROR", message="moved", stack="line 7")
    found = judge(scenario(), evidence(stuck, REPLAYED))

    assert (found[0].oracle, found[0].verdict, found[0].detail) == ("no_stuck_task", Verdict.FAILED, "line 7")
    assert [one.oracle for one in found[1:]] == ["outcome"]


def test_a_stuck_workflow_task_that_an_oracle_answers_for_convicts_nobody() -> None:
    """It stands in the evidence all the same, and that oracle judges it."""
    stuck = WorkflowTaskStuck(workflow_id="w", cause="NON_DETERMINISTIC_ERROR", message="moved", stack="line 7")
    healed = history(recorded("WORKFLOW_TASK_FAILED"), recorded("WORKFLOW_TASK_COMPLETED"))

    assert judge(scenario(expects=[StuckTask(cause=stuck.cause)]), evidence(stuck, REPLAYED, healed)) == ()
    assert (
        judge(scenario(expects=[StuckTask(cause="RESET_WORKFLOW")]), evidence(stuck, REPLAYED))[0].oracle
        == "no_stuck_task"
    )


def test_a_passed_deadline_convicts_with_what_was_waited_for() -> None:
    """A workflow that does not end fails, also when every oracle would pass it."""
    passed = DeadlinePassed(workflow_id="w", seconds=2.5, waiting_for="activity book at attempt 9")
    found = judge(scenario(), evidence(passed, REPLAYED, completed()))

    assert [one.verdict for one in found] == [Verdict.FAILED]
    assert "2.5 s" in found[0].title
    assert "activity book at attempt 9" in found[0].title


@dataclass(frozen=True, kw_only=True)
class FindsThenCrashes:
    """Convicts, and crashes over the next thing it looks at."""

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Find something, and crash."""
        yield broken(self, "it broke.")
        raise KeyError(evidence.scenario)


@dataclass(frozen=True, kw_only=True)
class TellsNothing:
    """Forgets to return what it found."""

    def judge(self, evidence: Evidence) -> Any:
        """Return nothing at all, not even an empty list."""


def test_a_crashing_oracle_proves_nothing_and_loses_nothing() -> None:
    """What it found before stands; the crash is told with its traceback, and the oracles after it are asked, too."""
    found = judge(scenario(expects=[FindsThenCrashes(), Outcome(result=1)]), evidence(REPLAYED, completed(2)))

    assert [(one.oracle, one.verdict) for one in found] == [
        ("finds_then_crashes", Verdict.FAILED),
        ("outcome", Verdict.FAILED),
        ("finds_then_crashes", Verdict.INCONCLUSIVE),
    ]
    assert "KeyError: 'saga/made_up'" in found[2].title
    assert "in judge" in found[2].detail


def test_an_oracle_that_returns_nothing_is_no_pass() -> None:
    """No answer is not the answer that all is well."""
    found = judge(scenario(expects=[TellsNothing()]), evidence(REPLAYED, completed()))

    assert [(one.oracle, one.verdict) for one in found] == [("tells_nothing", Verdict.INCONCLUSIVE)]


@dataclass(frozen=True, kw_only=True)
class UncountableError(HttpError):
    """Cannot say how often it fired."""

    def fired(self, evidence: Evidence, *, name: str) -> int:
        """Crash."""
        raise ZeroDivisionError


def test_a_fault_that_cannot_be_counted_has_not_fired() -> None:
    """A crash while counting is a finding of that fault and keeps nobody else from being judged."""
    tested = scenario(faults=[UncountableError(on=Flights.book)], expects=[Outcome(result=1)])
    found = judge(tested, evidence(REPLAYED, completed(2)))

    assert [(one.oracle, one.verdict) for one in found] == [
        ("outcome", Verdict.FAILED),
        ("fault_not_fired", Verdict.INCONCLUSIVE),
    ]
    assert "ZeroDivisionError" in found[1].title


@pytest.mark.parametrize("expects", [[Outcome()], [Outcome(), ReplaysCleanly()], [ReplaysCleanly(), Outcome()]])
def test_every_run_is_judged_by_its_replay_once(expects: list[Oracle]) -> None:
    """Declared or not, and never twice."""
    bad = Replayed(workflow_id="trip-1", run_id="run-1", error="moved")
    found = judge(scenario(expects=expects), evidence(bad, completed()))

    assert [one.oracle for one in found] == ["replays_cleanly"]


def test_what_is_broken_comes_first_and_then_why_the_rest_could_not_be_judged() -> None:
    """A fault that did not fire comes before the oracles that had nothing to judge because of it."""
    tested = scenario(faults=[HttpError(on=Flights.book)], expects=[Outcome(result=1)])
    found = judge(tested, evidence(closed("CANCELED")))

    assert [one.oracle for one in found] == ["outcome", "fault_not_fired", "replays_cleanly"]


def test_findings_are_values() -> None:
    """The same evidence gives the same findings, so that a verdict can be reached again."""
    told = evidence(fired(0), completed(2))
    tested = scenario(faults=[HttpError(on=Flights.book)], expects=[Outcome(result=1)])

    assert judge(tested, told) == judge(tested, told)
    assert finding() == finding()


@pytest.mark.parametrize(
    ("blocked", "how"),
    [
        ({"seconds": 0.5}, None),
        ({"seconds": 4.04}, "for 4.0 s"),
        ({"seconds": 1.0, "came_back": False}, "and did not return"),
    ],
)
def test_an_activity_that_blocks_the_event_loop_for_long_is_a_finding(blocked: dict[str, Any], how: str | None) -> None:
    """One that never returns always is."""
    event = LoopBlocked(activity="build", where="app.py:3", **blocked)
    found = judge(scenario(), evidence(event, REPLAYED, completed()))

    assert [one.title.partition(": ")[0] for one in found] == (
        [] if how is None else [f"build blocked the event loop at app.py:3 {how}"]
    )


def test_an_oracle_about_an_activity_that_no_worker_has_proves_nothing() -> None:
    """It would never find anything."""
    built = WorkerBuilt(worker="worker", activities=("book_car",))
    expects: list[Oracle] = [
        Recorded(event="TimerStarted", count=0),
        RetrySchedule(activity="book_cra", initial=timedelta(seconds=1)),
    ]

    found = judge(scenario(expects=expects), evidence(built, REPLAYED, completed()))

    [unknown, _] = found
    assert unknown.verdict is Verdict.INCONCLUSIVE
    assert unknown.title == (
        "retry_schedule names an unknown activity 'book_cra'. Did you mean 'book_car'? Available: book_car."
    )


def test_an_activity_of_another_worker_is_known_by_the_history() -> None:
    """It was scheduled, on another task queue for instance."""
    built = WorkerBuilt(worker="worker", activities=())
    scheduled = recorded("ACTIVITY_TASK_SCHEDULED", activityType={"name": "print"})
    expects = [TimeoutKind(activity="print", retry_state="TIMEOUT")]

    found = judge(scenario(expects=expects), evidence(built, REPLAYED, history(scheduled)))

    assert not any("unknown activity" in one.title for one in found)


def test_an_undeclared_search_attribute_is_a_hint_and_no_finding() -> None:
    """With the line to add."""
    message = "BadSearchAttributes: Namespace default has no mapping defined for search attribute OrderId"
    stuck = WorkflowTaskStuck(workflow_id="w", cause="BAD_SEARCH_ATTRIBUTES", message=message, stack="")

    all_found = judge(scenario(), evidence(stuck, REPLAYED))
    [found] = [one for one in all_found if one.oracle == "search_attributes"]

    assert found.verdict is Verdict.INCONCLUSIVE
    assert not any(one.oracle == "no_stuck_task" for one in all_found)
    assert 'SearchAttributeKey.for_keyword("OrderId")' in found.title
