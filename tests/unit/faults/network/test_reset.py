"""The connection is reset in the middle."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import Reset


@pytest.mark.parametrize(
    ("fault", "attributes"),
    [
        pytest.param(Reset(on=Flights), {"timeout": 0}, id="at-once"),
        pytest.param(Reset(on=Flights, delay=timedelta(seconds=1)), {"timeout": 1000}, id="later"),
    ],
)
def test_it_is_told_in_toxiproxy_s_words(fault: Reset, attributes: dict[str, int]) -> None:
    """With the first byte, or so long after it."""
    assert fault.toxic() == ("reset_peer", attributes)
    assert list(fault.problems()) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(Reset(on=Flights, delay=timedelta(seconds=-1)), "delay must not be negative", id="1"),
    ],
)
def test_settings_that_make_no_sense_are_told(fault: Reset, said: str) -> None:
    """Before the first byte there is nothing to count from."""
    (problem,) = fault.problems()

    assert problem.startswith(said)
