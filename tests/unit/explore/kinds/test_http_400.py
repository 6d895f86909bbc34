"""A request is refused permanently."""

from __future__ import annotations

from fakes.flights import Flights
from harness import HttpError
from harness.explore.kinds.http_400 import Http400
from harness.faults.service.only_nth_call import OnlyNthCall
from tests.unit.explore.kinds.recording import site


def test_it_is_a_fault_at_that_request_alone() -> None:
    """Of the operation that is asked for, each time the same is asked for."""
    fault = HttpError(on=Flights.book, status=400)

    assert Http400().fault(site("flights.book#2")) == OnlyNthCall(on=Flights.book, n=2, fault=fault, each_time=True)
