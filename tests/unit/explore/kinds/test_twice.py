"""A signal or an update is delivered twice."""

from __future__ import annotations

from harness.explore.kinds.twice import Twice
from tests.unit.explore.kinds.recording import delivered
from tests.unit.explore.made import made


async def test_how_it_is_delivered() -> None:
    """It is never lost."""
    assert await delivered(Twice()) == ["send", "send again"]


def test_only_signals_and_updates_are_delivered() -> None:
    """No request, and no event of the workflow."""
    assert Twice().applies(made("signal-a", signal=True), reads=frozenset())
    assert not Twice().applies(made("event", event=True), reads=frozenset())
