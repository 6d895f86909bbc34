"""A call fails while others are in flight."""

from __future__ import annotations

from harness.explore.kinds.failed_first import FailedFirst
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


async def test_it_is_refused_before_its_body() -> None:
    """The others are held meanwhile, by whoever runs the schedule."""
    assert FailedFirst().holds
    assert await at_attempt(FailedFirst()) == ["injected", "fails permanently"]
    assert await at_attempt(FailedFirst(), repeats=False) == ["nothing"]


def test_a_call_needs_siblings() -> None:
    """Alone, it would be `non_retryable`."""
    assert FailedFirst().applies(made("book", alongside=True), reads=frozenset())
    assert not FailedFirst().applies(made("book"), reads=frozenset())
    assert not FailedFirst().applies(made("book", alongside=True, local=True), reads=frozenset())
