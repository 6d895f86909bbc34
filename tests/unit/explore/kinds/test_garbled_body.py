"""The answer of a request cannot be read."""

from __future__ import annotations

from dataclasses import replace

from fakes.flights import Flights
from harness.evidence.calls import CallMade, CallName, CallPlace
from harness.explore.kinds.garbled_body import GarbledBody
from harness.faults.service import garbled_body
from harness.faults.service.only_nth_call import OnlyNthCall
from tests.unit.explore.kinds.recording import site


def test_an_answer_without_a_body_has_none_to_garble() -> None:
    """As S3 answers a PUT: the fault would change nothing, and prove nothing."""
    request = CallMade(call=CallName(workflow="", activity="objects.put", nth=1), order=0, place=CallPlace.REQUEST)

    assert GarbledBody().applies(request, reads=frozenset())
    assert not GarbledBody().applies(replace(request, has_answer_body=False), reads=frozenset())


def test_it_is_a_fault_at_that_request_alone() -> None:
    """Of the operation that is asked for."""
    fault = garbled_body.GarbledBody(on=Flights.book)

    assert GarbledBody().fault(site("flights.book#2")) == OnlyNthCall(on=Flights.book, n=2, fault=fault)
