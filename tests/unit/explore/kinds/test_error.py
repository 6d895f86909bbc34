"""The first attempt fails."""

from __future__ import annotations

from harness.explore.kinds.error import Error
from tests.unit.explore.kinds.recording import at_attempt


async def test_the_first_attempt_fails_before_its_body() -> None:
    """The second is as without the fault."""
    assert await at_attempt(Error(), 1) == ["injected", "fails"]
    assert await at_attempt(Error(), 2) == ["nothing"]
