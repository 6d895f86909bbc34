"""A black hole: bytes go in, and nothing comes out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import Timeout


@pytest.mark.parametrize(
    ("fault", "attributes"),
    [
        pytest.param(Timeout(on=Flights), {"timeout": 0}, id="never-closes"),
        pytest.param(Timeout(on=Flights, closes_after=timedelta(seconds=1)), {"timeout": 1000}, id="closes"),
    ],
)
def test_it_is_told_in_toxiproxy_s_words(fault: Timeout, attributes: dict[str, int]) -> None:
    """Never closed, or so long after the last byte."""
    assert fault.toxic() == ("timeout", attributes)
    assert list(fault.problems()) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(
            Timeout(on=Flights, closes_after=timedelta(0)), "closes_after must be at least 1 ms, got 0:00:00", id="1"
        ),
        pytest.param(
            Timeout(on=Flights, closes_after=timedelta(microseconds=400)),
            "closes_after must be at least 1 ms, got 0:00:00.000400",
            id="2",
        ),
    ],
)
def test_settings_that_make_no_sense_are_told(fault: Timeout, said: str) -> None:
    """Toxiproxy takes 0 for never, so what rounds to it must be meant."""
    (problem,) = fault.problems()

    assert problem.startswith(said)
