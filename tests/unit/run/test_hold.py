"""A run is held where somebody asked for it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest

from harness.environment.temporal.server import TemporalServer
from harness.errors import UsageError
from harness.run.hold import Hold, HoldPoint
from harness.workers.failpoints import Failpoint, Phase
from tests.unit.builders import result
from tests.unit.fake_testbed import set_stage

SERVER = SimpleNamespace(address="here:1", namespace="default", ui="")
"""Where it says that it is."""

BOOKING = Failpoint(
    worker="w", phase=Phase.BEFORE_BODY, workflow="BookTrip", workflow_id="w", activity="book_car", attempt=1
)


@pytest.mark.parametrize(
    ("text", "fits"),
    [("before_body", True), ("before_body:book_car", True), ("before_body:book_hotel", False), ("after_body", False)],
)
def test_a_place_is_a_phase_and_perhaps_an_activity(text: str, *, fits: bool) -> None:
    """As it is written after --hold-at."""
    assert HoldPoint.of(text).fits(BOOKING) == fits


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("before", "unknown failpoint to hold at 'before'. Did you mean 'before_body'?"),
        ("workflow_task:book_car", "workflow_task takes no activity name; remove ':book_car'."),
    ],
)
def test_a_place_that_there_is_not_is_refused(text: str, told: str) -> None:
    """With what was meant."""
    with pytest.raises(UsageError) as refused:
        HoldPoint.of(text)

    assert told in str(refused.value)


def test_an_activity_that_no_worker_has_is_refused() -> None:
    """Nothing would ever be held; of a worker that reports nothing, any may exist."""
    point = HoldPoint.of("before_body:bok_car")
    with pytest.raises(UsageError) as refused:
        point.refuse_unknown({"book_car", "book_hotel"})

    assert str(refused.value).startswith("--hold-at before_body:bok_car: unknown activity 'bok_car'")
    point.refuse_unknown(None)
    HoldPoint.of("before_body").refuse_unknown(set())


async def test_who_reads_that_it_is_held_may_let_it_go_at_once() -> None:
    """A signal may come between any two steps; what is not held, or has been let go, is not let go."""
    said: list[tuple[str, bool]] = []

    def say(line: str) -> None:
        said.append((line.split(maxsplit=1)[0], hold.let_go()))

    hold = Hold(say=say)
    before = hold.let_go()
    await asyncio.wait_for(hold.after(result(), set_stage(), cast("TemporalServer", SERVER)), 60)

    assert not before
    assert said[:2] == [("held", True), ("Temporal", False)]
