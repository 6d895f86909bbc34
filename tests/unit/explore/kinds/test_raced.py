"""A signal loses a race with another one."""

from __future__ import annotations

from harness.explore.kinds.raced import Raced
from tests.unit.explore.kinds.recording import delivered
from tests.unit.explore.made import made


async def test_how_it_is_delivered() -> None:
    """It is never lost."""
    assert await delivered(Raced()) == ["send after next"]


def test_a_signal_that_was_acknowledged_cannot_be_overtaken() -> None:
    """Only one that was on its way when the driver sent another."""
    assert Raced().applies(made("signal-a", signal=True, overtaken=True), reads=frozenset())
    assert not Raced().applies(made("signal-a", signal=True), reads=frozenset())
