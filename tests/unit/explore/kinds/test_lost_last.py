"""The answer of a call is lost for good."""

from __future__ import annotations

from harness.explore.kinds.lost_last import LostLast
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


async def test_the_first_answer_is_lost_and_every_later_attempt() -> None:
    """Those fail before their bodies."""
    known = {"maximum_attempts": 3, "bounded": True}

    assert await at_attempt(LostLast(), 1, **known) == ["body", "injected", "fails"]
    assert [await at_attempt(LostLast(), one, injected=True, **known) for one in (2, 3)] == [["fails"], ["fails"]]


async def test_a_call_that_never_gives_up_is_refused_at_the_next_attempt() -> None:
    """As by a service that finds its key taken."""
    assert await at_attempt(LostLast(), 2, injected=True) == ["fails permanently"]


def test_a_child_fails_although_its_code_has_returned() -> None:
    """Its effects exist."""
    assert LostLast().instead_of_child_result
    assert not LostLast().instead_of_child
    assert LostLast().applies(made("Ship", child=True, bounded=True), reads=frozenset())


async def test_an_attempt_that_fails_by_itself_is_left_alone() -> None:
    """The next is hit, or the one after it: the first that returns."""
    assert await at_attempt(LostLast(), 1, body_fails=True) == ["body", "fails"]
    assert await at_attempt(LostLast(), 2) == ["body", "injected", "fails"]
