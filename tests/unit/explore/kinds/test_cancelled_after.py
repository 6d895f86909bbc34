"""The workflow is asked to cancel after an event."""

from __future__ import annotations

from harness.explore.kinds.cancelled_after import CancelledAfter
from tests.unit.explore.kinds.recording import cancels_in_task
from tests.unit.explore.made import made


def test_it_is_asked_in_the_task_of_the_event() -> None:
    """So that nothing else comes before."""
    assert cancels_in_task(CancelledAfter())


def test_it_is_about_events_alone() -> None:
    """At calls there is `cancelled`."""
    assert CancelledAfter().applies(made("event", event=True), reads=frozenset())
    assert not CancelledAfter().applies(made("charge"), reads=frozenset())
