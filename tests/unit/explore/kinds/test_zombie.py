"""An attempt goes on after its workflow has ended."""

from __future__ import annotations

from harness.explore.kinds.zombie import Zombie
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


async def test_its_body_runs_once_all_is_over() -> None:
    """The second attempt is as without the fault."""
    assert await at_attempt(Zombie(), 1) == ["injected", "outlast", "body", "returns result"]
    assert await at_attempt(Zombie(), 2) == ["nothing"]


def test_a_local_activity_does_not_outlive_its_workflow_task() -> None:
    """It holds the task."""
    assert not Zombie().applies(made("charge", local=True), reads=frozenset())
