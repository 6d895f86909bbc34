"""The end of a connection takes its time to be noticed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import SlowClose


@pytest.mark.parametrize(
    ("fault", "attributes"),
    [
        pytest.param(SlowClose(on=Flights, delay=timedelta(seconds=1)), {"delay": 1000}, id="slow"),
    ],
)
def test_it_is_told_in_toxiproxy_s_words(fault: SlowClose, attributes: dict[str, int]) -> None:
    """In milliseconds."""
    assert fault.toxic() == ("slow_close", attributes)
    assert list(fault.problems()) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(SlowClose(on=Flights, delay=timedelta(0)), "delay must be at least 1 ms, got 0:00:00.", id="1"),
        pytest.param(
            SlowClose(on=Flights, delay=timedelta(microseconds=400)),
            "delay must be at least 1 ms, got 0:00:00.000400",
            id="2",
        ),
    ],
)
def test_settings_that_make_no_sense_are_told(fault: SlowClose, said: str) -> None:
    """A close that is not slow is no fault."""
    (problem,) = fault.problems()

    assert problem.startswith(said)
