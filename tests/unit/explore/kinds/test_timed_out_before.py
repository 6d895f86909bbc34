"""The first attempt times out before its body runs."""

from __future__ import annotations

from harness.explore.kinds.timed_out_before import TimedOutBefore
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


async def test_the_attempt_is_held_and_its_body_never_runs() -> None:
    """Until nobody waits for it."""
    assert await at_attempt(TimedOutBefore(), 1) == ["injected", "outlast", "fails"]
    assert await at_attempt(TimedOutBefore(), 2) == ["nothing"]


def test_a_local_activity_does_not_time_out_alone() -> None:
    """Its workflow task would time out with it."""
    assert not TimedOutBefore().applies(made("charge", local=True), reads=frozenset())
