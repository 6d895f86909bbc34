"""The answer of a request is late."""

from __future__ import annotations

from datetime import timedelta

from fakes.flights import Flights
from harness.explore.kinds.late_reply import LateReply
from harness.faults.service import late_reply
from harness.faults.service.only_nth_call import OnlyNthCall
from tests.unit.explore.kinds.recording import site


def test_it_is_later_than_a_client_waits_by_default() -> None:
    """5 s, by httpx: at that request alone."""
    armed = LateReply().fault(site("flights.book#2"))

    assert isinstance(armed, OnlyNthCall)
    assert isinstance(armed.fault, late_reply.LateReply)
    assert (armed.on, armed.n) == (Flights.book, 2)
    assert armed.fault.delay is not None
    assert armed.fault.delay > timedelta(seconds=5)
    assert f"{armed.fault.delay.total_seconds():g} s late" in LateReply().sentence
