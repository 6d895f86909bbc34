"""Services are told the application's time on a server whose clock skips."""

from __future__ import annotations

from datetime import timedelta

from fakes.ranking import Ranking
from harness.events import AttemptStarted, CallReceived, WorkerStopped, now
from harness.services.workflow_clock import WorkflowClock
from tests.unit.fake_testbed import ask, set_stage

SECOND = timedelta(seconds=1)


def begun(ahead: timedelta) -> AttemptStarted:
    """An attempt that the server handed over at a moment that lies so far ahead of the wall's."""
    return AttemptStarted(workflow_id="w", activity="ask", activity_id="1", attempt=1, started_at=now() + ahead)


def test_it_is_as_far_ahead_as_the_latest_attempt() -> None:
    """Before the first it is the wall's; what tells of no time changes nothing."""
    clock = WorkflowClock()
    assert abs(clock() - now()) < SECOND

    clock.receive(begun(timedelta(hours=1)))
    clock.receive(begun(timedelta(hours=5)))
    clock.receive(WorkerStopped(worker="worker-1"))
    clock.receive(AttemptStarted(workflow_id="w", activity="ask", activity_id="1", attempt=2))

    assert abs(clock() - now() - timedelta(hours=5)) < SECOND


async def test_a_fake_writes_both_times_down() -> None:
    """When it has such a clock; else there is only one."""
    testbed = set_stage(Ranking)
    fake = testbed.fake(Ranking.ask)
    await ask(fake, "POST /answers", body={"request": "ada"})
    clock = WorkflowClock()
    clock.receive(begun(timedelta(hours=1)))
    fake.workflow_clock = clock
    await ask(fake, "POST /answers", body={"request": "ada"})

    plain, skipped = (event for event in fake.journal if isinstance(event, CallReceived))
    assert plain.workflow_time is None
    assert skipped.workflow_time is not None
    assert abs(skipped.workflow_time - skipped.at - timedelta(hours=1)) < SECOND
    assert abs(fake.now() - now() - timedelta(hours=1)) < SECOND
