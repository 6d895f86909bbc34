"""The workflow is asked to cancel while a call goes on."""

from __future__ import annotations

from harness.explore.kinds.cancelled import Cancelled
from tests.unit.explore.kinds.recording import at_attempt, cancels_in_task
from tests.unit.explore.made import made


async def test_the_workflow_is_asked_after_the_body_and_before_the_result() -> None:
    """Once."""
    assert await at_attempt(Cancelled(), 1) == ["body", "injected", "cancel", "returns result"]
    assert await at_attempt(Cancelled(), 2, injected=True) == ["nothing"]


def test_it_is_asked_while_a_timer_runs() -> None:
    """A timer has no attempts."""
    assert Cancelled().applies(made("timer", timer=True), reads=frozenset())
    assert cancels_in_task(Cancelled())


async def test_an_attempt_that_fails_by_itself_is_left_alone() -> None:
    """The next is hit, or the one after it: the first that returns."""
    assert await at_attempt(Cancelled(), 1, body_fails=True) == ["body", "fails"]
    assert await at_attempt(Cancelled(), 2) == ["body", "injected", "cancel", "returns result"]
