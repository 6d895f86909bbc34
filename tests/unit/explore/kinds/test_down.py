"""What an activity needs is down permanently."""

from __future__ import annotations

from typing import Any

import pytest

from harness.evidence.calls import CallName
from harness.explore.kinds.down import Down
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


@pytest.mark.parametrize("attempt", [1, 7])
async def test_every_attempt_fails_before_its_body(attempt: int) -> None:
    """And may be retried."""
    assert await at_attempt(Down(), attempt) == ["injected", "fails"]


def test_every_later_call_of_the_same_type_fails_too() -> None:
    """Not the earlier ones, nor those of other activities or workflows."""
    first, second, third = (CallName(workflow="", activity="charge", nth=nth) for nth in (1, 2, 3))

    assert [Down().covers(second, one) for one in (first, second, third)] == [False, True, True]
    assert not Down().covers(second, CallName(workflow="", activity="ship", nth=2))
    assert not Down().covers(second, CallName(workflow="Ship", activity="charge", nth=3))


def test_it_is_tried_where_a_call_gives_up_after_more_than_one_attempt() -> None:
    """Others wait for the service to come back, or are what `error` tries."""
    known: list[dict[str, Any]] = [{}, {"bounded": True}, {"bounded": True, "maximum_attempts": 1}]

    assert [Down().applies(made("charge", **one), reads=frozenset()) for one in known] == [False, True, False]
