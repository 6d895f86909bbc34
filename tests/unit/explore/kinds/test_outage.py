"""A service cannot be reached from a request on."""

from __future__ import annotations

from fakes.flights import Flights
from harness import FromCall
from harness.explore.kinds.outage import Outage
from harness.faults.network import outage
from tests.unit.explore.kinds.recording import site
from tests.unit.explore.made import made


def test_the_service_is_gone_from_that_request_on() -> None:
    """Counted by the operation, and not by whatever its service is asked."""
    armed = outage.Outage(on=Flights, when=FromCall(n=2, of=Flights.book))

    assert Outage().fault(site("flights.book#2")) == armed


def test_it_prevents_the_whole_service() -> None:
    """Where an activity gives up; else it waits until the service is back."""
    assert Outage.of_service
    assert not Outage().applies(made("flights.book", request=True), reads=frozenset())
