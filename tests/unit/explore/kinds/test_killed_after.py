"""The worker is killed after a body."""

from __future__ import annotations

import pytest

from harness import AtPoint, Kill, Phase
from harness.explore.kinds.killed_after import KilledAfter
from tests.unit.explore.kinds.recording import site
from tests.unit.explore.made import made


@pytest.mark.parametrize(("call", "workflow", "nth"), [("book#2", "BookTrip", 2), ("Leg/book#1", "Leg", 1)])
def test_it_is_killed_when_the_call_has_returned(call: str, workflow: str, nth: int) -> None:
    """Of the workflow that calls; with none named, that is the one that the scenario starts."""
    point = AtPoint(phase=Phase.AFTER_BODY, activity="book", workflow=workflow, nth=nth)

    assert KilledAfter().fault(site(call)) == Kill(when=point)


def test_timers_and_children_run_in_no_attempt() -> None:
    """Local activities do."""
    known = [{"local": True}, {"timer": True}, {"child": True}]

    assert [KilledAfter().applies(made("book", **one), reads=frozenset()) for one in known] == [True, False, False]
