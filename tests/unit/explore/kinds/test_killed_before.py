"""The worker is killed before a body."""

from __future__ import annotations

import pytest

from harness import AtPoint, Kill, Phase
from harness.explore.kinds.killed_before import KilledBefore
from tests.unit.explore.kinds.recording import site
from tests.unit.explore.made import made


@pytest.mark.parametrize(("call", "workflow", "nth"), [("book#2", "BookTrip", 2), ("Leg/book#1", "Leg", 1)])
def test_it_is_killed_at_the_first_attempt_of_the_call(call: str, workflow: str, nth: int) -> None:
    """Of the workflow that calls; with none named, that is the one that the scenario starts."""
    point = AtPoint(phase=Phase.BEFORE_BODY, activity="book", workflow=workflow, attempt=1, nth=nth)

    assert KilledBefore().fault(site(call)) == Kill(when=point)


def test_timers_and_children_run_in_no_attempt() -> None:
    """Local activities do."""
    known = [{"local": True}, {"timer": True}, {"child": True}]

    assert [KilledBefore().applies(made("book", **one), reads=frozenset()) for one in known] == [True, False, False]
