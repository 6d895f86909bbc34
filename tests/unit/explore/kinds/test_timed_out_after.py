"""An attempt times out after its body has run."""

from __future__ import annotations

from harness.explore.kinds.timed_out_after import TimedOutAfter
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


async def test_the_answer_is_held_after_the_body() -> None:
    """Until nobody waits for it."""
    assert await at_attempt(TimedOutAfter(), 1) == ["body", "injected", "outlast", "fails"]
    assert await at_attempt(TimedOutAfter(), 2, injected=True) == ["nothing"]


def test_a_local_activity_does_not_time_out_alone() -> None:
    """Its workflow task would time out with it."""
    assert not TimedOutAfter().applies(made("charge", local=True), reads=frozenset())


async def test_an_attempt_that_fails_by_itself_is_left_alone() -> None:
    """The next is hit, or the one after it: the first that returns."""
    assert await at_attempt(TimedOutAfter(), 1, body_fails=True) == ["body", "fails"]
    assert await at_attempt(TimedOutAfter(), 2) == ["body", "injected", "outlast", "fails"]
