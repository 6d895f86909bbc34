"""What a run of a scenario recorded, as a run of an exploration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fakes.flights import Flights
from harness.events import (
    AttemptEnded,
    AttemptStarted,
    CallReceived,
    DeadlinePassed,
    Event,
    Replayed,
    RunBroken,
    WorkerGone,
    WorkflowTaskStuck,
)
from harness.evidence.evidence import Evidence
from harness.explore.backends.drive import Driven
from harness.explore.backends.from_evidence import run_seen
from harness.explore.backends.request_faults import undoing_activities
from harness.explore.invariants.standard import STANDARD
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.schedule import parse
from harness.explore.search.judge import judge
from harness.verdict import Verdict
from tests.unit.explore.made import TOKEN

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So long after noon."""
    return NOON + timedelta(seconds=seconds)


def attempt(activity: str, number: str, *, began: float, ended: float, errors: tuple[str, ...] = ()) -> list[Event]:
    """One attempt of a call."""
    said: dict[str, Any] = {"workflow_id": "w", "activity": activity, "activity_id": number, "attempt": 1}
    return [AttemptStarted(at=at(began), **said), AttemptEnded(at=at(ended), errors=errors, **said)]


def recorded(*events: Event) -> Evidence:
    """Evidence of a run."""
    return Evidence(scenario="s", seed=0, events=events, histories=())


def seen(*events: Event, driven: Driven | None = None) -> ExploredRun:
    """The run whose worker had a process of its own."""
    planned = parse("book#1:killed_after")
    return run_seen(recorded(*events), planned, token=TOKEN, struck=planned.faults, world=None, driven=driven)


def test_what_a_worker_process_tells_of_calls_and_of_what_they_did() -> None:
    """In the order in which they were begun; a body that failed did nothing."""
    run = seen(
        *attempt("book", "1", began=0, ended=1),
        *attempt("pay", "2", began=2, ended=3, errors=("E: no",)),
        *attempt("book", "3", began=4, ended=5),
        WorkerGone(worker="worker-1", pid=1, code=-9, asked=True),
    )

    assert [str(one.call) for one in run.calls] == ["book#1", "pay#1", "book#2"]
    assert [str(one.call) for one in run.effects] == ["book#1", "book#2"]
    assert "worker-1 was killed" in [one.what for one in run.timeline]
    assert run.reached == frozenset(run.schedule.faults)


def test_requests_are_told_beside_the_calls() -> None:
    """After them."""
    request = CallReceived(service="flights", operation="book", call="flights.book#1", key="k", body=None)
    run = seen(*attempt("book", "1", began=0, ended=1), request)

    assert [(str(one.call), one.request) for one in run.calls] == [("book#1", False), ("flights.book#1", True)]
    assert "flights.book#1" not in run.shape


def test_what_went_wrong_with_the_workflow_is_told() -> None:
    """Stuck on a task, or not replaying."""
    stuck = seen(WorkflowTaskStuck(workflow_id="w", cause="c", message="no such thing", stack="here"))
    drifted = seen(Replayed(workflow_id="w", run_id="r", error="nondeterminism"))

    assert stuck.stuck == ("no such thing", "here")
    assert drifted.replay == "nondeterminism"


def test_a_run_that_broke_proves_nothing() -> None:
    """Whatever else is known of it."""
    judged = judge(seen(RunBroken(what="a fake was still serving.")), STANDARD)

    assert judged.verdict is Verdict.INCONCLUSIVE
    assert judged.unclear == ("a fake was still serving.",)


async def _never(_live: Any) -> None:
    raise AssertionError


def test_a_workflow_that_waits_for_a_drive_that_waits_proves_nothing() -> None:
    """Neither has done anything wrong; without a drive, a workflow that does not end has."""
    late = DeadlinePassed(workflow_id="w", seconds=20, waiting_for="a signal")
    told = judge(seen(late, driven=Driven(_never, forgiving=True)), STANDARD)
    alone = judge(seen(late), STANDARD)

    assert told.verdict is Verdict.INCONCLUSIVE
    assert told.unclear == (
        "the scenario's own drive waited for a moment that did not come, and the workflow waited for a signal.",
    )
    assert alone.verdict is Verdict.FAILED


def test_an_activity_that_asks_for_an_undo_is_known_to_undo() -> None:
    """By when it asked; what went on at the same time may have asked, too."""
    asked = CallReceived(at=at(4.5), service="flights", operation="cancel", call="c", key="k", body=None)
    evidence = recorded(
        *attempt("book", "1", began=0, ended=1),
        *attempt("cancel", "2", began=4, ended=5),
        *attempt("tell", "3", began=4.2, ended=6),
        asked,
    )

    assert undoing_activities(evidence, [Flights]) == {("cancel", "flights.cancel"), ("tell", "flights.cancel")}
