"""What a workflow hears of, and what waits for it to hear of a request to cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle

from harness.evidence.calls import CallName
from harness.explore.inject.cancellation import Cancellation
from harness.library_internals.workflow_messages import WorkflowActivation
from harness.workers.workflow_runners import hears_of
from tests.unit.explore.made import made, ran

CHARGE, SHIP = (CallName(workflow="", activity=name, nth=1) for name in ("charge", "ship"))


async def test_only_what_tells_the_workflow_something_counts() -> None:
    """What the server and the SDK do among themselves is not as many each time."""
    activation = WorkflowActivation()
    for job in ("initialize_workflow", "update_random_seed", "query_workflow", "remove_from_cache", "resolve_activity"):
        getattr(activation.jobs.add(), job).SetInParent()
    activation.jobs.add().cancel_workflow.SetInParent()

    assert [*hears_of(activation)] == ["its start", "the answer of an activity"]


def test_events_make_no_other_way() -> None:
    """Else a request to cancel would make every run another one."""
    assert ran(calls=(made("charge"), made("event", event=True))).shape == ran(calls=(made("charge"),)).shape


class _Requested:
    """A workflow that has yet to see the request."""

    def __init__(self) -> None:
        self.seen = asyncio.Event()
        self.cancellation = Cancellation(seen=self._seen)

    async def _seen(self) -> None:
        await self.seen.wait()


async def test_a_call_that_is_given_up_never_begins() -> None:
    """Its attempt waits until the workflow has seen the request."""
    workflow = _Requested()
    workflow.cancellation.asked([CHARGE, SHIP])
    charge, ship = (asyncio.create_task(workflow.cancellation.prevents(one)) for one in (CHARGE, SHIP))
    await asyncio.sleep(0)
    waited = not charge.done() and not ship.done()
    workflow.cancellation.arrived(given_up=[CHARGE])
    workflow.seen.set()

    assert waited
    assert (await charge, await ship) == (True, False)


async def test_a_call_from_before_goes_on() -> None:
    """It was under way; whether its answer comes is up to it."""
    workflow = _Requested()
    workflow.cancellation.asked([SHIP])

    assert not await workflow.cancellation.prevents(CHARGE)


async def test_what_the_drive_sends_comes_after_the_answer_to_the_request() -> None:
    """Before it, the server would give both to the workflow at once."""
    read: list[str] = []
    events = [HistoryEvent() for _ in range(4)]
    for event, kind in zip(
        events,
        ("workflow_task_completed", "workflow_execution_cancel_requested", "workflow_task_completed", "timer_started"),
        strict=True,
    ):
        getattr(event, f"{kind}_event_attributes").SetInParent()

    async def history(*, wait_new_event: bool) -> AsyncIterator[HistoryEvent]:
        assert wait_new_event
        for event in events:
            read.append(event.WhichOneof("attributes") or "")
            yield event

    handle = cast("WorkflowHandle[Any, Any]", SimpleNamespace(fetch_history_events=history))
    workflow = _Requested()
    workflow.seen.set()
    await workflow.cancellation.settled(handle)
    before = [*read]
    workflow.cancellation.asked([])
    await workflow.cancellation.settled(handle)

    assert before == []
    assert len(read) == 3
