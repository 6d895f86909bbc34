"""The worker is killed at a workflow task."""

from __future__ import annotations

from harness.explore.kinds.killed_at_task import KilledAtTask
from harness.faults.worker.kill import Kill
from harness.triggers.nth_delivery import NthDelivery
from tests.unit.explore.kinds.recording import site
from tests.unit.explore.made import made


def test_it_is_killed_at_the_task_that_delivers_the_event() -> None:
    """To the workflow that the scenario starts."""
    assert KilledAtTask().fault(site("event#3")) == Kill(when=NthDelivery(n=3, workflow="BookTrip"))


def test_it_is_killed_at_what_comes_first_in_a_task() -> None:
    """At the other events of it, it would be the same kill."""
    assert KilledAtTask().applies(made("event", event=True, task=2), reads=frozenset())
    assert not KilledAtTask().applies(made("event", event=True, task=0), reads=frozenset())
