"""A request is answered with 503."""

from __future__ import annotations

from fakes.flights import Flights
from harness import HttpError
from harness.explore.kinds.http_503 import Http503
from harness.faults.service.only_nth_call import OnlyNthCall
from tests.unit.explore.kinds.recording import site


def test_it_is_a_fault_at_that_request_alone() -> None:
    """Of the operation that is asked for."""
    fault = HttpError(on=Flights.book, status=503)

    assert Http503().fault(site("flights.book#2")) == OnlyNthCall(on=Flights.book, n=2, fault=fault)
