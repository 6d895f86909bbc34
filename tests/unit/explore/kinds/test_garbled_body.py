"""The answer of a request cannot be read."""

from __future__ import annotations

from fakes.flights import Flights
from harness.explore.kinds.garbled_body import GarbledBody
from harness.faults.service import garbled_body
from harness.faults.service.only_nth_call import OnlyNthCall
from tests.unit.explore.kinds.recording import site


def test_it_is_a_fault_at_that_request_alone() -> None:
    """Of the operation that is asked for."""
    fault = garbled_body.GarbledBody(on=Flights.book)

    assert GarbledBody().fault(site("flights.book#2")) == OnlyNthCall(on=Flights.book, n=2, fault=fault)
