"""The line is narrow."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import Bandwidth


@pytest.mark.parametrize(
    ("fault", "attributes"),
    [
        pytest.param(Bandwidth(on=Flights, kilobytes_per_second=3), {"rate": 3}, id="narrow"),
        pytest.param(Bandwidth(on=Flights, kilobytes_per_second=0), {"rate": 0}, id="shut"),
    ],
)
def test_it_is_told_in_toxiproxy_s_words(fault: Bandwidth, attributes: dict[str, int]) -> None:
    """In kilobytes a second, 0 for nothing at all."""
    assert fault.toxic() == ("bandwidth", attributes)
    assert list(fault.problems()) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(
            Bandwidth(on=Flights, kilobytes_per_second=-1), "kilobytes_per_second must not be negative, got -1", id="1"
        ),
    ],
)
def test_settings_that_make_no_sense_are_told(fault: Bandwidth, said: str) -> None:
    """A real Toxiproxy dies of it."""
    (problem,) = fault.problems()

    assert problem.startswith(said)
