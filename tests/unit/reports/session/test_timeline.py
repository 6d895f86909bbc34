"""One run as lanes: what belongs together is one span, and what is too much is left out and counted."""

from __future__ import annotations

from harness.events import FaultArmed, FaultFired, FaultHealed, RunStarted, WorkerGone, WorkerPaused, WorkerStarted
from harness.reports.session.timeline import Look, Moment, timeline
from tests.unit.builders import (
    answered,
    applied,
    attempt,
    completed,
    ended,
    evidence,
    history,
    payload,
    received,
    recorded,
    unanswered,
)

BEGAN = RunStarted(scenario="saga/made_up", seed=7, task_queue="q")


def moment(lane: str, *parts: object) -> list[Moment]:
    """The moments of one lane of a run."""
    return [one for one in timeline(evidence(BEGAN, *parts)).moments if one.lane == lane]  # type: ignore[arg-type]  # parts of any kind


def test_a_call_is_a_span_in_the_lane_of_its_fake() -> None:
    """From its arrival to its answer; effects stand beside it."""
    call, effect = moment("flights", received("flights.book"), applied("flights.book"), answered("flights.book"))

    assert (call.what, call.since, call.until, call.look) == ("flights.book#1 → 200", 1.0, 3.0, Look.PLAIN)
    assert (effect.since, effect.until, effect.look) == (2.0, None, Look.EFFECT)
    assert call.refs == effect.refs == ("flights.book#1",)


def test_a_call_that_goes_wrong_looks_it() -> None:
    """Refused, or without an answer."""
    (refused,) = moment("flights", received("flights.book"), answered("flights.book", 503))
    (silent,) = moment("flights", received("flights.book"), unanswered("flights.book"))

    assert (refused.look, silent.look) == (Look.BAD, Look.BAD)
    assert silent.what == "flights.book#1 → no answer"


def test_an_attempt_is_a_span() -> None:
    """With the error that ended it."""
    (one,) = moment("activities", attempt(2), ended(2, "ValueError: no"))

    assert (one.what, one.since, one.until) == ("process_batch attempt 2: ValueError: no", 1.0, 2.0)


def test_a_fault_is_a_span_and_its_firings_are_moments() -> None:
    """One that was never healed lasts to the end of the run."""
    armed, fired = moment("faults", FaultArmed(fault="x@y"), FaultFired(fault="x@y"), received("flights.book"))
    (healed,) = moment("faults", FaultArmed(fault="x@y"), FaultHealed(fault="x@y"), received("flights.book"))

    assert (armed.since, armed.until, fired.until) == (1.0, 3.0, None)
    assert healed.until == 2.0


def test_a_worker_lives_is_paused_and_dies() -> None:
    """One span for each stretch of its life."""
    life, pause = moment(
        "workers",
        WorkerStarted(worker="w", pid=1),
        WorkerPaused(worker="w"),
        WorkerGone(worker="w", pid=1, code=-9, asked=False),
    )

    assert (life.what, life.until) == ("w", 2.0)
    assert (pause.what, pause.since, pause.until, pause.look) == ("w paused", 2.0, 3.0, Look.BAD)


def test_what_a_workflow_says_of_itself_is_a_lane() -> None:
    """A breaker's state, each until the next one, the last to the end of the history."""
    changes = [
        recorded("WORKFLOW_PROPERTIES_MODIFIED", upsertedMemo={"fields": {"breaker": payload({"state": state})}})
        for state in ("open", "closed")
    ]
    opened, closed = moment("state", history(*changes))

    assert (opened.what, closed.what) == ("breaker: open", "breaker: closed")
    assert opened.until == closed.since
    assert closed.until is not None


def test_lanes_have_their_order() -> None:
    """The workflow above, then the fakes by name, then what was done to them."""
    told = timeline(
        evidence(BEGAN, received("hotels.book"), received("cars.book"), FaultArmed(fault="x@y"), completed())
    )

    assert told.lanes == ("workflow", "cars", "hotels", "faults", "run")


def test_too_much_is_left_out_and_counted() -> None:
    """What a finding refers to stays, and so do both ends."""
    calls = [event for nth in range(1, 500) for event in (received("a.b", nth=nth), answered("a.b", nth=nth))]
    told = timeline(evidence(BEGAN, *calls), most=40, near=("a.b#250",))

    assert len(told.moments) <= 40
    assert told.left_out == 500 - len(told.moments)
    assert [one.what for one in told.moments if "a.b#250" in one.refs] == ["a.b#250 → 200"]
    assert {told.moments[0].what, told.moments[-1].what} == {"RunStarted", "a.b#499 → 200"}
