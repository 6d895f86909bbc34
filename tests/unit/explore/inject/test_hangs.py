"""What is known of activities that never return."""

from __future__ import annotations

from harness.explore.inject.hangs import REFUSED_AFTER, Hangs


def test_an_activity_that_hung_each_time_is_refused_with_its_line() -> None:
    """After some runs, not at once."""
    hangs, refused = Hangs(), []
    for _ in range(REFUSED_AFTER):
        refused.append(hangs.refused("build"))
        hangs.hung("build", "app.py:3")

    assert refused == [None] * REFUSED_AFTER
    assert hangs.refused("build") == "app.py:3"
    assert hangs.known("build")


def test_an_activity_that_returns_sometimes_is_called_again() -> None:
    """What it does under one fault says nothing of another."""
    hangs = Hangs()
    hangs.returned("build")
    for _ in range(REFUSED_AFTER):
        hangs.hung("build", "app.py:3")

    assert hangs.refused("build") is None
    assert hangs.refused("ship") is None
    assert not hangs.known("ship")
