"""A worker's points are told one by one, and a trigger comes at the one that it names, of each phase."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness import AtPoint, Part, Phase, UsageError
from harness.events import PointReached, RunBroken
from harness.workers.failpoints import Failpoint, Failpoints, now_at
from tests.unit.fake_testbed import RecordingSwitch, set_stage, told


def at(phase: Phase, **said: Any) -> Failpoint:
    """A point of the charge's first attempt, unless said otherwise."""
    activity = {"activity": "charge", "attempt": 1} if phase is not Phase.WORKFLOW_TASK else {}
    return Failpoint(
        **{"worker": "worker-1", "phase": phase, "workflow": "Pay", "workflow_id": "w", **activity, **said}
    )


BEFORE, AFTER = at(Phase.BEFORE_BODY), at(Phase.AFTER_BODY)
BEATS = [at(Phase.HEARTBEAT, number=n, details={"done": 10 * n}) for n in (1, 2, 3)]
TASKS = [at(Phase.WORKFLOW_TASK, number=n) for n in (1, 2)]
AGAIN = at(Phase.AFTER_BODY, attempt=2)
ALL = [TASKS[0], BEFORE, *BEATS, AFTER, AGAIN, TASKS[1]]


async def armed_at(trigger: AtPoint) -> Failpoint | None:
    """The point at which a trigger arms its fault, of all that there are."""
    testbed, switch = set_stage(), RecordingSwitch()
    async with trigger.attach(testbed, on=Part.WORKERS, switch=switch.switch):
        for point in ALL:
            await testbed.failpoints.reached(point)
            if switch.switched:
                return point
    return None


@pytest.mark.parametrize(
    ("trigger", "point"),
    [
        (AtPoint(phase=Phase.BEFORE_BODY), BEFORE),
        (AtPoint(phase=Phase.AFTER_BODY, activity="charge"), AFTER),
        (AtPoint(phase=Phase.AFTER_BODY, activity="refund"), None),
        (AtPoint(phase=Phase.AFTER_BODY, workflow="Pay"), AFTER),
        (AtPoint(phase=Phase.AFTER_BODY, workflow="Ship"), None),
        (AtPoint(phase=Phase.AFTER_BODY, attempt=2), AGAIN),
        (AtPoint(phase=Phase.AFTER_BODY, attempt=3), None),
        (AtPoint(phase=Phase.AFTER_BODY, nth=2), AGAIN),
        (AtPoint(phase=Phase.HEARTBEAT, number=2), BEATS[1]),
        (AtPoint(phase=Phase.HEARTBEAT, nth=3), BEATS[2]),
        (AtPoint(phase=Phase.HEARTBEAT, checkpoint=15, checkpoint_field="done"), BEATS[1]),
        (AtPoint(phase=Phase.HEARTBEAT, checkpoint=31, checkpoint_field="done"), None),
        (AtPoint(phase=Phase.HEARTBEAT, checkpoint=1), None),
        (AtPoint(phase=Phase.WORKFLOW_TASK), TASKS[0]),
        (AtPoint(phase=Phase.WORKFLOW_TASK, number=2), TASKS[1]),
    ],
    ids=lambda value: "" if isinstance(value, Failpoint) else str(value),
)
async def test_comes_at_the_point_it_names(trigger: AtPoint, point: Failpoint | None) -> None:
    """Phase, activity, workflow, attempt, number, checkpoint and count all have to fit."""
    assert await armed_at(trigger) == point


@pytest.mark.parametrize("details", [7, 7.5, {"done": 7}], ids=repr)
async def test_a_checkpoint_is_a_number_or_a_field(details: Any) -> None:
    """The value itself, or one of its fields."""
    field = "done" if isinstance(details, dict) else None
    testbed, switch = set_stage(), RecordingSwitch()
    trigger = AtPoint(phase=Phase.HEARTBEAT, checkpoint=7, checkpoint_field=field)
    async with trigger.attach(testbed, on=Part.WORKERS, switch=switch.switch):
        await testbed.failpoints.reached(at(Phase.HEARTBEAT, number=1, details=details))

    assert switch.switched == ["armed"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phase": Phase.HEARTBEAT, "number": 0}, "AtPoint: number must be >= 1, got 0."),
        ({"phase": Phase.AFTER_BODY, "attempt": -1}, "AtPoint: attempt must be >= 1, got -1."),
        ({"phase": Phase.AFTER_BODY, "nth": 0}, "AtPoint: nth must be >= 1, got 0."),
        ({"phase": Phase.AFTER_BODY, "number": 1}, "AtPoint: the phase after_body has no number; leave it out."),
        ({"phase": Phase.BEFORE_BODY, "checkpoint": 1}, "the phase before_body has no checkpoint;"),
        ({"phase": Phase.WORKFLOW_TASK, "activity": "charge"}, "the phase workflow_task has no activity;"),
        ({"phase": Phase.WORKFLOW_TASK, "attempt": 1}, "the phase workflow_task has no attempt;"),
        (
            {"phase": Phase.HEARTBEAT, "checkpoint_field": "done"},
            "AtPoint: checkpoint_field='done' needs a checkpoint.",
        ),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_a_point_that_there_is_not_is_refused(wrong: dict[str, Any], said: str) -> None:
    """What could never come is a mistake, told when it is declared."""
    with pytest.raises(UsageError) as refused:
        AtPoint(**wrong)

    assert said in str(refused.value)


async def test_each_point_is_told_once() -> None:
    """However many triggers watch, the evidence has each point once, and none when nobody watches."""
    testbed, switch = set_stage(), RecordingSwitch()
    first, second = AtPoint(phase=Phase.AFTER_BODY), AtPoint(phase=Phase.BEFORE_BODY)
    async with (
        first.attach(testbed, on=Part.WORKERS, switch=switch.switch),
        second.attach(testbed, on=Part.WORKERS, switch=switch.switch),
    ):
        await testbed.failpoints.reached(BEFORE)
    await testbed.failpoints.reached(AFTER)

    assert [event.phase for event in told(testbed, PointReached) if isinstance(event, PointReached)] == ["before_body"]


async def test_the_point_is_known_while_it_lasts() -> None:
    """Each worker's point is its own, also when several wait at the same time."""
    points, seen = Failpoints(), []
    both = asyncio.Barrier(2)

    async def hook(_point: Failpoint) -> None:
        await both.wait()
        seen.append(now_at())

    with points.watched(hook):
        other = at(Phase.AFTER_BODY, worker="worker-2")
        await asyncio.gather(points.reached(AFTER), points.reached(other))

    assert {point.worker for point in seen if point is not None} == {"worker-1", "worker-2"}
    assert now_at() is None


async def test_a_hook_is_for_some_phases() -> None:
    """What else is reached is recorded all the same, and the watched phases are published as they change."""
    emitted: list[object] = []
    points, seen, published = Failpoints(emitted.append), list[Phase](), list[set[Phase]]()

    async def hook(point: Failpoint) -> None:
        seen.append(point.phase)

    with points.published(lambda phases: published.append({*phases})), points.watched(hook, Phase.AFTER_BODY):
        await points.reached(BEFORE)
        await points.reached(AFTER)

    assert seen == [Phase.AFTER_BODY]
    assert len(emitted) == 2
    assert published == [set(), {Phase.AFTER_BODY}, set()]


async def test_a_hook_that_raises_breaks_the_run_and_not_the_application() -> None:
    """It is said which failpoint it was at."""
    emitted: list[object] = []
    points = Failpoints(emitted.append)

    async def hook(_point: Failpoint) -> None:
        raise UsageError("no such proxy.")

    with points.watched(hook):
        await points.reached(AFTER)

    [broken] = [one.what for one in emitted if isinstance(one, RunBroken)]
    assert broken == "a hook at the failpoint after_body raised: UsageError('no such proxy.')"
