"""An operation is called as often as it should be."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import Attempts, UsageError, Verdict
from tests.unit.builders import answered, judged, received, unanswered


@pytest.mark.parametrize(("calls", "count"), [(0, 0), (1, 1), (3, 3)])
def test_the_right_number_is_acquitted(calls: int, count: int) -> None:
    """Also none where none is wanted."""
    found = judged(Attempts(of=Flights.book, count=count), [received(Flights.book, nth=n) for n in range(1, calls + 1)])

    assert found == []


@pytest.mark.parametrize("count", [0, 1, 3])
def test_another_number_is_convicted(count: int) -> None:
    """One call more or less is not the declared policy, and the finding shows how each call ended."""
    (found,) = judged(
        Attempts(of=Flights.book, count=count),
        received(Flights.book),
        answered(Flights.book, 503),
        received(Flights.book, nth=2),
        unanswered(Flights.book, nth=2, why="the answer was lost"),
    )

    assert found.verdict is Verdict.FAILED
    assert found.title == f"2 calls of flights.book, expected {count}."
    assert "503" in found.detail
    assert "the answer was lost" in found.detail
    assert found.refs == ("flights.book#1", "flights.book#2")


def test_only_its_own_operation_counts() -> None:
    """Neither the same operation of another service nor another operation of the same one."""
    found = judged(Attempts(of=Flights.book, count=0), received("hotels.book"), received(Flights.cancel))

    assert found == []


def test_fewer_than_no_calls_are_refused() -> None:
    """When it is declared: it would convict every run."""
    with pytest.raises(UsageError, match=r"count must be >= 0, got -1 for flights\.book\."):
        Attempts(of=Flights.book, count=-1)
