"""The connection of a request is reset."""

from __future__ import annotations

from fakes.flights import Flights
from harness import NthCall
from harness.explore.kinds.reset import Reset
from harness.faults.network import reset
from tests.unit.explore.kinds.recording import site


def test_the_connection_is_reset_at_that_request() -> None:
    """Counted by the operation, and not by whatever its service is asked."""
    armed = reset.Reset(on=Flights, when=NthCall(n=2, of=Flights.book))

    assert Reset().fault(site("flights.book#2")) == armed
