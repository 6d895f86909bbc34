"""A run is held where somebody asked for it."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.hold import Place
from harness.points import Phase, Point

BOOKING = Point(
    worker="w", phase=Phase.BEFORE_BODY, workflow="BookTrip", workflow_id="w", activity="book_car", attempt=1
)


@pytest.mark.parametrize(
    ("text", "fits"),
    [("before_body", True), ("before_body:book_car", True), ("before_body:book_hotel", False), ("after_body", False)],
)
def test_a_place_is_a_phase_and_perhaps_an_activity(text: str, *, fits: bool) -> None:
    """As it is written after --hold-at."""
    assert Place.of(text).fits(BOOKING) == fits


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("before", "unknown point to hold at 'before'. Did you mean 'before_body'?"),
        ("workflow_task:book_car", "a workflow task is of no activity; leave 'book_car' out."),
    ],
)
def test_a_place_that_there_is_not_is_refused(text: str, told: str) -> None:
    """With what was meant."""
    with pytest.raises(UsageError) as refused:
        Place.of(text)

    assert told in str(refused.value)
