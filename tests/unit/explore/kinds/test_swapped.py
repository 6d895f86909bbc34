"""A signal is delivered after the next one."""

from __future__ import annotations

from harness.explore.kinds.swapped import Swapped
from tests.unit.explore.kinds.recording import delivered
from tests.unit.explore.made import made


async def test_how_it_is_delivered() -> None:
    """It is never lost."""
    assert await delivered(Swapped()) == ["send after next"]


def test_the_last_signal_has_none_to_change_places_with() -> None:
    """Only one that is followed by another."""
    assert Swapped().applies(made("signal-a", signal=True, followed=True), reads=frozenset())
    assert not Swapped().applies(made("signal-a", signal=True), reads=frozenset())
