"""A service answers with 503 from a request on."""

from __future__ import annotations

from fakes.flights import Flights
from harness import FromCall, HttpError
from harness.explore.kinds.unavailable import Unavailable
from tests.unit.explore.kinds.recording import site
from tests.unit.explore.made import made


def test_the_operation_is_unavailable_from_that_request_on() -> None:
    """And others of its service are not."""
    armed = HttpError(on=Flights.book, status=503, when=FromCall(n=2))

    assert Unavailable().fault(site("flights.book#2")) == armed


def test_an_activity_that_never_gives_up_waits_until_the_service_is_back() -> None:
    """Its run would not end."""
    assert not Unavailable().applies(made("flights.book", request=True), reads=frozenset())
