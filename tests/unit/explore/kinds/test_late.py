"""A signal or an update is delivered late."""

from __future__ import annotations

from harness.explore.kinds.late import Late
from tests.unit.explore.kinds.recording import delivered
from tests.unit.explore.made import made


async def test_how_it_is_delivered() -> None:
    """It is never lost."""
    assert await delivered(Late()) == ["send late"]


def test_only_signals_and_updates_are_delivered() -> None:
    """No request, and no event of the workflow."""
    assert Late().applies(made("signal-a", signal=True), reads=frozenset())
    assert not Late().applies(made("event", event=True), reads=frozenset())
