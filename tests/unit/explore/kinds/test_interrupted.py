"""An attempt fails at a heartbeat."""

from __future__ import annotations

from harness.explore.kinds.interrupted import Interrupted
from tests.unit.explore.made import made


def test_the_first_attempt_fails_at_its_heartbeat() -> None:
    """At no other, and no later attempt."""
    points = [(1, 1), (1, 2), (1, 3), (2, 2)]

    assert [Interrupted().interrupts(attempt=one, heartbeat=beat, planned=2) for one, beat in points] == [
        False,
        True,
        False,
        False,
    ]


def test_a_call_that_sends_no_heartbeat_is_not_interrupted() -> None:
    """There is no place for it."""
    assert Interrupted().applies(made("copy", heartbeats=1), reads=frozenset())
    assert not Interrupted().applies(made("copy"), reads=frozenset())
