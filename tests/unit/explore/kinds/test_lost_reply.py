"""The answer of a request never arrives."""

from __future__ import annotations

from fakes.flights import Flights
from harness.explore.kinds.lost_reply import LostReply
from harness.faults.service import lost_reply
from harness.faults.service.only_nth_call import OnlyNthCall
from tests.unit.explore.kinds.recording import site


def test_it_is_a_fault_at_that_request_alone() -> None:
    """Of the operation that is asked for."""
    fault = lost_reply.LostReply(on=Flights.book)

    assert LostReply().fault(site("flights.book#2")) == OnlyNthCall(on=Flights.book, n=2, fault=fault)
