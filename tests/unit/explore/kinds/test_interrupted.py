"""An attempt fails at a heartbeat."""

from __future__ import annotations

from harness.explore.kinds.interrupted import Interrupted
from tests.unit.explore.made import made


def test_an_attempt_fails_at_its_heartbeat() -> None:
    """At no other."""
    assert [Interrupted().interrupts(heartbeat=beat, planned=2) for beat in (1, 2, 3)] == [False, True, False]


def test_a_call_that_sends_no_heartbeat_is_not_interrupted() -> None:
    """There is no place for it."""
    assert Interrupted().applies(made("copy", heartbeats=1), reads=frozenset())
    assert not Interrupted().applies(made("copy"), reads=frozenset())
