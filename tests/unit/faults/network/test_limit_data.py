"""The connection ends in the middle of what was being said."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import LimitData


@pytest.mark.parametrize(
    ("fault", "attributes"),
    [
        pytest.param(LimitData(on=Flights, after_bytes=10), {"bytes": 10}, id="some"),
        pytest.param(LimitData(on=Flights, after_bytes=0), {"bytes": 0}, id="none"),
    ],
)
def test_it_is_told_in_toxiproxy_s_words(fault: LimitData, attributes: dict[str, int]) -> None:
    """So many bytes, or none."""
    assert fault.toxic() == ("limit_data", attributes)
    assert list(fault.problems()) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(LimitData(on=Flights, after_bytes=-1), "after_bytes must not be negative", id="1"),
    ],
)
def test_settings_that_make_no_sense_are_told(fault: LimitData, said: str) -> None:
    """No connection carries fewer than none."""
    (problem,) = fault.problems()

    assert problem.startswith(said)
