"""The answer of the last attempt is lost."""

from __future__ import annotations

from harness.explore.kinds.lost_last import LostLast
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


async def test_it_fails_until_the_last_attempt_and_loses_the_answer_of_that() -> None:
    """Of three."""
    did = [await at_attempt(LostLast(), number, maximum_attempts=3, bounded=True) for number in (1, 2, 3)]

    assert did == [["fails"], ["fails"], ["body", "injected", "fails"]]


async def test_without_a_last_attempt_the_first_answer_is_lost_and_the_second_attempt_refused() -> None:
    """As by a service that finds its key taken."""
    assert await at_attempt(LostLast(), 1) == ["body", "injected", "fails"]
    assert await at_attempt(LostLast(), 2) == ["fails permanently"]


async def test_a_call_that_gives_up_some_time_is_tried_until_then() -> None:
    """By its `schedule_to_close`."""
    assert await at_attempt(LostLast(), 2, bounded=True) == ["fails"]


def test_a_child_fails_although_its_code_has_returned() -> None:
    """Its effects exist."""
    assert LostLast().instead_of_child_result
    assert not LostLast().instead_of_child
    assert LostLast().applies(made("Ship", child=True, bounded=True), reads=frozenset())
