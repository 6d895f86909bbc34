"""What was sent in one piece arrives in many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import Slicer


@pytest.mark.parametrize(
    ("fault", "attributes"),
    [
        pytest.param(
            Slicer(on=Flights, average_size=64, variation=8, pause=timedelta(milliseconds=2)),
            {"average_size": 64, "size_variation": 8, "delay": 2000},
            id="all",
        ),
    ],
)
def test_it_is_told_in_toxiproxy_s_words(fault: Slicer, attributes: dict[str, int]) -> None:
    """Sizes in bytes, the pause in microseconds."""
    assert fault.toxic() == ("slicer", attributes)
    assert list(fault.problems()) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(Slicer(on=Flights, average_size=0), "average_size must be positive, got 0.", id="1"),
        pytest.param(
            Slicer(on=Flights, average_size=4, variation=4),
            "variation must be at least 0 and less than average",
            id="2",
        ),
        pytest.param(
            Slicer(on=Flights, average_size=4, variation=-1),
            "variation must be at least 0 and less than average",
            id="3",
        ),
        pytest.param(
            Slicer(on=Flights, average_size=4, pause=timedelta(seconds=-1)), "pause must not be negative", id="4"
        ),
    ],
)
def test_settings_that_make_no_sense_are_told(fault: Slicer, said: str) -> None:
    """A real Toxiproxy dies of most of them."""
    (problem,) = fault.problems()

    assert problem.startswith(said)
