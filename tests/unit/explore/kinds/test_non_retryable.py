"""A call is refused permanently."""

from __future__ import annotations

import pytest

from harness.evidence.calls import CallName
from harness.explore.kinds.non_retryable import NonRetryable
from tests.unit.explore.kinds.recording import at_attempt
from tests.unit.explore.made import made


@pytest.mark.parametrize("attempt", [1, 2])
async def test_it_is_refused_before_its_body(attempt: int) -> None:
    """On every attempt: one that timed out may be followed by another."""
    assert await at_attempt(NonRetryable(), attempt) == ["injected", "fails permanently"]


def test_a_child_fails_before_its_code_has_run() -> None:
    """And not after."""
    assert NonRetryable().instead_of_child
    assert not NonRetryable().instead_of_child_result
    assert NonRetryable().applies(made("Ship", child=True), reads=frozenset())


async def test_it_is_refused_each_time_the_same_is_asked_for() -> None:
    """By a later call, too; one that asks for something else is as without the fault."""
    planned, again, before = (CallName(workflow="", activity="charge", nth=nth) for nth in (2, 3, 1))

    assert [NonRetryable().covers(planned, one) for one in (planned, again, before)] == [True, True, False]
    assert await at_attempt(NonRetryable(), repeats=False) == ["nothing"]
