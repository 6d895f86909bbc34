"""What a fault on the wire did, told by both its ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.events import AttemptEnded, AttemptStarted, CallAnswered, CallReceived, Event, FaultArmed, FaultHealed
from harness.evidence.evidence import Evidence
from harness.evidence.wire_effects import answers_hit, armed_spans, requests_hit
from tests.unit.builders import START


def at(seconds: float) -> dict[str, object]:
    """When something happened."""
    return {"at": START + timedelta(seconds=seconds)}


def attempt(begin: float, end: float, *, number: int = 1, failed: bool = False) -> list[Event]:
    """One attempt of booking a flight."""
    said = {"workflow_id": "w", "activity": "book_flight", "activity_id": "1", "attempt": number}
    errors = ("ReadTimeout: late",) if failed else ()
    return [
        AttemptStarted(**said, **at(begin)),  # type: ignore[arg-type]  # as declared
        AttemptEnded(**said, errors=errors, **at(end)),  # type: ignore[arg-type]  # as declared
    ]


def call(arrived: float, left: float, *, service: str = "flights", nth: int = 1) -> list[Event]:
    """One call, and when its answer left the fake."""
    call = f"{service}.book#{nth}"
    return [
        CallReceived(service=service, operation="book", call=call, key="k", body=None, **at(arrived)),  # type: ignore[arg-type]
        CallAnswered(call=call, status=201, **at(left)),  # type: ignore[arg-type]  # as declared
    ]


def told(*parts: list[Event], armed: float = 0, healed: float = 10) -> Evidence:
    """Evidence of a fault that was armed meanwhile."""
    switched: list[Event] = [FaultArmed(fault="f", **at(armed)), FaultHealed(fault="f", **at(healed))]  # type: ignore[arg-type]
    events = sorted((event for part in (switched, *parts) for event in part), key=lambda event: event.at)
    return Evidence(scenario="s", seed=0, events=tuple(events), histories=())


def answers(evidence: Evidence, *, delay: float | None = None) -> int:
    """How many answers of flights were hit."""
    least = None if delay is None else timedelta(seconds=delay)
    return answers_hit(evidence, "flights", armed_spans(evidence, "f"), delay=least)


def requests(evidence: Evidence, *, delay: float | None = None) -> int:
    """How many requests to flights were hit."""
    least = None if delay is None else timedelta(seconds=delay)
    return requests_hit(evidence, "flights", armed_spans(evidence, "f"), delay=least)


def test_an_answer_that_ended_in_an_error_was_lost() -> None:
    """It left the fake, and the attempt behind it failed all the same."""
    assert answers(told(call(1.0, 1.1), attempt(0.9, 3, failed=True))) == 1


def test_an_answer_that_arrived_was_not() -> None:
    """A sound attempt convicts no fault."""
    assert answers(told(call(1.0, 1.1), attempt(0.9, 1.2))) == 0


@pytest.mark.parametrize(("ended", "hit"), [(1.59, 0), (1.61, 1)])
def test_an_answer_is_late_from_the_declared_delay_on(ended: float, hit: int) -> None:
    """Half a second between leaving the fake and reaching the worker."""
    assert answers(told(call(1.0, 1.1), attempt(0.9, ended)), delay=0.5) == hit


def test_what_failed_while_nothing_was_armed_is_not_counted() -> None:
    """The same loss outside the fault's time is somebody else's."""
    assert answers(told(call(1.0, 1.1), attempt(0.9, 3, failed=True), armed=5)) == 0


def test_another_service_s_answers_are_not_counted() -> None:
    """Nor is a call whose answer never left."""
    assert answers(told(call(1.0, 1.1, service="hotels"), attempt(0.9, 3, failed=True))) == 0
    assert answers(told(call(1.0, 1.1)[:1], attempt(0.9, 3, failed=True))) == 0


def test_of_several_attempts_the_one_that_ended_first_decides() -> None:
    """A firing may be missed among many attempts, and none is invented."""
    sound, lost = attempt(0.8, 1.2, number=1), attempt(0.9, 3, number=2, failed=True)

    assert answers(told(call(1.0, 1.1), sound, lost)) == 0


def test_a_chain_s_later_runs_number_their_activities_anew() -> None:
    """An attempt of a later run is not taken for the one that lost its answer."""
    evidence = told(attempt(0, 2, failed=True), call(1, 1.5), attempt(20, 21), healed=10)

    assert answers(evidence) == 1


def test_a_request_that_no_fake_saw_was_lost() -> None:
    """The attempt failed, and nobody had a call of it."""
    assert requests(told(attempt(1, 3, failed=True))) == 1
    assert requests(told(attempt(1, 3, failed=True), call(1.5, 1.6))) == 0
    assert requests(told(attempt(1, 3))) == 0


def test_a_request_is_late_from_the_declared_delay_on() -> None:
    """Between the beginning of the attempt and the arrival at the fake."""
    late = told(attempt(1, 3), call(1.6, 1.7))

    assert requests(late, delay=0.5) == 1
    assert requests(late, delay=0.7) == 0
    assert requests(late) == 0
