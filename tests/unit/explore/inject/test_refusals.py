"""What is refused permanently."""

from __future__ import annotations

import pytest
from temporalio.testing import ActivityEnvironment

from harness.evidence.calls import CallName
from harness.explore.inject.refusals import Refusals
from harness.explore.model.schedule import parse
from tests.unit.explore.made import made

(FAULT,) = parse("pay#2:non_retryable").faults
(CHILD,) = parse("Ship#1:non_retryable").faults


@pytest.mark.parametrize(
    ("nth", "order", "arguments", "refused"),
    [
        (2, 4, {"cents": 5}, True),
        (3, 9, {"cents": 5}, True),
        (3, 9, {"cents": 6}, False),
        (1, 1, {"cents": 5}, False),
        (3, 5, {"cents": 5}, False),
    ],
    ids=["the call itself", "the same again", "something else", "an earlier call", "one made at the same time"],
)
async def test_the_same_is_refused_again(nth: int, order: int, arguments: object, *, refused: bool) -> None:
    """When it was called after the refusal; what was called before is another matter."""
    refusals = Refusals(calls=lambda: 6)

    async def body() -> bool:
        refusals.refused(FAULT, ({"cents": 5},))
        return refusals.repeats(FAULT, made("pay", nth=nth, order=order), (arguments,))

    assert await ActivityEnvironment().run(body) is refused


def test_nothing_is_refused_before() -> None:
    """The fault has not been injected."""
    assert not Refusals(calls=lambda: 6).repeats(FAULT, made("pay", nth=3, order=9), ())


def test_a_child_is_refused_again_under_its_id() -> None:
    """Another child of the type is not."""
    refusals = Refusals(calls=lambda: 6)
    first, second = (CallName(workflow="", activity="Ship", nth=nth) for nth in (1, 2))

    assert refusals.repeats_child(CHILD, first, "ship-a")
    assert refusals.repeats_child(CHILD, second, "ship-a")
    assert not refusals.repeats_child(CHILD, second, "ship-b")
