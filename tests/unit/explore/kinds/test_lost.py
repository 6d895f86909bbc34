"""The answer of an attempt is lost."""

from __future__ import annotations

from harness.explore.kinds.lost import Lost
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


async def test_the_first_answer_is_lost_after_the_body() -> None:
    """The next attempt is as without the fault."""
    assert await at_attempt(Lost(), 1) == ["body", "injected", "fails"]
    assert await at_attempt(Lost(), 2, injected=True) == ["nothing"]


def test_a_single_attempt_is_not_tried_again() -> None:
    """There it would be `lost_last`."""
    assert Lost().applies(made("charge", maximum_attempts=2), reads=frozenset())
    assert not Lost().applies(made("charge", maximum_attempts=1), reads=frozenset())


def test_a_call_that_only_reads_loses_nothing() -> None:
    """With its answer."""
    assert not Lost().applies(made("charge"), reads=frozenset({"charge"}))


async def test_an_attempt_that_fails_by_itself_is_left_alone() -> None:
    """The next is hit, or the one after it: the first that returns."""
    assert await at_attempt(Lost(), 1, body_fails=True) == ["body", "fails"]
    assert await at_attempt(Lost(), 2) == ["body", "injected", "fails"]
