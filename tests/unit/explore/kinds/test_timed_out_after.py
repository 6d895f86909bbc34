"""The first attempt times out after its body has run."""

from __future__ import annotations

from harness.explore.kinds.timed_out_after import TimedOutAfter
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


async def test_the_answer_is_held_after_the_body() -> None:
    """Until nobody waits for it."""
    assert await at_attempt(TimedOutAfter(), 1) == ["body", "injected", "outlast", "fails"]
    assert await at_attempt(TimedOutAfter(), 2) == ["nothing"]


def test_a_local_activity_does_not_time_out_alone() -> None:
    """Its workflow task would time out with it."""
    assert not TimedOutAfter().applies(made("charge", local=True), reads=frozenset())
