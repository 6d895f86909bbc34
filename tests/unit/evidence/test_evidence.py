"""All that is known of a finished run."""

from __future__ import annotations

from harness.events import CallReceived, FaultArmed, RunInterrupted
from harness.evidence.history import Status
from tests.unit.builders import (
    answered,
    applied,
    booked,
    cancelled,
    closed,
    completed,
    evidence,
    failed,
    received,
    repeated,
    tombstoned,
    unanswered,
    undone,
)


def test_a_call_is_one_record_from_arrival_to_end() -> None:
    """Answered, cut or still open when the run ended: each is told apart."""
    answered_, cut, open_ = evidence(
        received("flights.book", "a", body={"trip": "t"}),
        received("hotels.book", None),
        received("flights.book", "b", nth=2),
        unanswered("hotels.book", why="the answer 201 was lost"),
        answered("flights.book", 201),
    ).calls

    assert (answered_.id, answered_.status, answered_.unanswered) == ("flights.book#1", 201, "")
    assert (answered_.key, answered_.body) == ("a", {"trip": "t"})
    assert answered_.ended_at is not None
    assert answered_.ended_at > answered_.at
    assert (cut.status, cut.unanswered) == (None, "the answer 201 was lost")
    assert (open_.status, open_.unanswered, open_.ended_at) == (None, "", None)


def test_calls_are_found_by_operation() -> None:
    """In the order of their arrival."""
    found = evidence(received("a.x"), received("b.x"), received("a.y"), received("a.x", nth=2)).calls_of("a", "x")

    assert [call.id for call in found] == ["a.x#1", "a.x#2"]


def test_events_are_found_by_kind() -> None:
    """In order, and no others."""
    told = evidence(received("a.x"), FaultArmed(fault="f"), received("a.y"), RunInterrupted())

    assert [event.call for event in told.of(CallReceived)] == ["a.x#1", "a.y#1"]


def test_what_stands_is_what_was_applied_and_not_undone_since() -> None:
    """By service, operation and key, in the order of applying; repeats and tombstones change nothing."""
    standing = evidence(
        booked("cars", "a"),
        booked("hotels", "a"),
        repeated("cars.book", "a"),
        cancelled("cars", "a"),
        tombstoned("flights.cancel", "a"),
        booked("cars", "b", nth=2),
        undone("cars.cancel", "unknown"),
        applied("cars.book", "a", nth=3),
    ).standing

    assert [one.call for one in standing] == ["hotels.book#1", "cars.book#2", "cars.book#3"]


def test_the_outcome_is_that_of_the_first_history_s_workflow() -> None:
    """Children do not decide, and of a workflow that continued as new the last run does."""
    runs = [
        closed("CONTINUED_AS_NEW", run_id="1"),
        completed({"n": 1}, run_id="2"),
        closed("CANCELED", workflow_id="c"),
    ]

    assert evidence(*runs).outcome.result == {"n": 1}
    assert evidence().outcome.status is Status.RUNNING


def test_the_runs_are_those_of_the_first_history_s_workflow() -> None:
    """In their order, without those of children."""
    chain = [closed("CONTINUED_AS_NEW", run_id="1"), completed(run_id="2")]

    assert evidence(*chain, closed("CANCELED", workflow_id="c")).runs == tuple(chain)
    assert evidence().runs == ()


def test_only_a_workflow_that_ended_reports_anything() -> None:
    """Denied success and every bad end are reports of failure; what is open has said nothing."""
    assert evidence(completed({"success": False})).reports_failure
    assert evidence(failed()).reports_failure
    assert evidence(closed("TIMED_OUT")).reports_failure
    assert not evidence(completed({"success": True})).reports_failure
    assert not evidence(completed({"success": 0})).reports_failure
    assert not evidence(completed("failed")).reports_failure
    assert not evidence().reports_failure
    assert not evidence(closed("CONTINUED_AS_NEW")).reports_failure
