"""Workflows take the same way on the simulated server as on a real one.

The events that are expected were read from the dev server's histories of the same workflows; the SDK replays what the
simulation wrote.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from temporalio.api.common.v1 import Payloads, WorkflowExecution
from temporalio.api.workflowservice.v1 import SignalWorkflowExecutionRequest
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.common import RetryPolicy, SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, TimeoutError, WorkflowAlreadyStartedError  # noqa: A004 - the SDK's
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from tests.unit.simulation import zoo
from tests.unit.simulation.simulated import QUEUE, events, simulate

WORKFLOWS = [
    zoo.Busy,
    zoo.Calls,
    zoo.Cancels,
    zoo.Child,
    zoo.Describes,
    zoo.Fails,
    zoo.GoesOn,
    zoo.Leaves,
    zoo.Listens,
    zoo.Locally,
    zoo.Parent,
    zoo.TimesOut,
    zoo.TriesAgain,
]
ACTIVITIES = [zoo.beats, zoo.echo, zoo.fails, zoo.fails_once, zoo.hangs, zoo.in_thread, zoo.is_called]

ACTIVITY = ["activity_task_scheduled", "activity_task_started", "activity_task_completed"]


class Ran(NamedTuple):
    """What became of a workflow."""

    result: Any
    history: WorkflowHistory
    took: float


def ran(run: Callable[..., Any], *arguments: Any, skips: bool = False, **options: Any) -> Ran:
    """Run a workflow to its end; its result is the failure if it fails."""

    async def drive(client: Client) -> Ran:
        loop = asyncio.get_running_loop()
        began = loop.time()
        handle = await client.start_workflow(run, args=arguments, id="it", task_queue=QUEUE, **options)
        try:
            result = await handle.result()
        except WorkflowFailureError as error:
            result = error.cause
        return Ran(result, await handle.fetch_history(), loop.time() - began)

    found: Ran = simulate(drive, workflows=WORKFLOWS, activities=ACTIVITIES, skips=skips)
    replays([found.history])
    return found


def replays(histories: Sequence[WorkflowHistory]) -> None:
    """Hold that the SDK can replay histories against the same code."""

    async def replay() -> None:
        replayer = Replayer(workflows=WORKFLOWS, workflow_runner=UnsandboxedWorkflowRunner())
        for one in histories:
            await replayer.replay_workflow(one)

    asyncio.run(replay())


def driven(drive: Callable[[Client], Any]) -> Any:
    """Drive workflows, and return what the driver returns."""
    return simulate(drive, workflows=WORKFLOWS, activities=ACTIVITIES)


@pytest.mark.parametrize("skips", [False, True])
def test_activities_timers_and_retries(*, skips: bool) -> None:
    """Attempts that are followed by others leave no events, and time that is skipped leaves one."""
    found = ran(zoo.Calls.run, "a", skips=skips)
    skipped = ["workflow_execution_time_skipping_transitioned"] if skips else []

    assert found.result == "aa"
    assert events(found.history) == [
        "workflow_execution_started",
        *ACTIVITY,
        "timer_started",
        *skipped,
        "timer_fired",
        "activity_task_scheduled",
        *skipped,
        "activity_task_started",
        "activity_task_completed",
        "workflow_execution_completed",
    ]
    assert (found.took < 1) == skips
    started = [one.activity_task_started_event_attributes for one in found.history.events]
    assert [one.attempt for one in started if one.attempt] == [1, 2]


def test_a_failure_comes_with_the_reason_for_no_further_attempt() -> None:
    """As the workflow's code sees it."""
    found = ran(zoo.Fails.run, "luck")

    assert str(found.result.cause) == "Refused: no luck"
    assert found.result.retry_state.name == "MAXIMUM_ATTEMPTS_REACHED"


def test_each_timeout_gives_an_activity_up() -> None:
    """Of those of one attempt there are two attempts; the others are no attempt's."""
    assert ran(zoo.TimesOut.run, "a").result == [
        "START_TO_CLOSE MAXIMUM_ATTEMPTS_REACHED",
        "SCHEDULE_TO_CLOSE TIMEOUT",
        "HEARTBEAT MAXIMUM_ATTEMPTS_REACHED",
        "SCHEDULE_TO_START TIMEOUT",
    ]


def test_an_activity_is_cancelled_as_the_workflow_has_chosen() -> None:
    """It hears of it at once, except where it waits for the activity's own answer."""
    found = ran(zoo.Cancels.run, "a")

    assert found.result == [True, False, True]
    assert events(found.history).count("activity_task_cancel_requested") == 2


def test_what_a_workflow_schedules_as_it_closes_is_not_begun() -> None:
    """Although its worker would have taken it along."""
    zoo.CALLED.clear()

    left = ran(zoo.Leaves.run, "it")

    assert events(left.history)[1:] == ["activity_task_scheduled", "workflow_execution_completed"]
    assert zoo.CALLED == []


def test_signals_queries_and_updates() -> None:
    """A rejected update leaves no trace, and a query none at all."""

    async def drive(client: Client) -> tuple[Any, WorkflowHistory]:
        handle = await client.start_workflow(zoo.Listens.run, id="it", task_queue=QUEUE)
        await handle.signal(zoo.Listens.tell, "a")
        assert await handle.query(zoo.Listens.many) == 1
        assert await handle.execute_update(zoo.Listens.ask, "b") == "b"
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(zoo.Listens.ask, "")
        assert str(refused.value.cause) == "empty"
        with pytest.raises(WorkflowQueryFailedError):
            await handle.query("unknown")
        await handle.signal(zoo.Listens.tell, "end")
        result = await handle.result()
        assert await handle.query(zoo.Listens.many) == 3
        return result, await handle.fetch_history()

    result, history = driven(drive)

    assert result == ["a", "b", "end"]
    assert events(history) == [
        "workflow_execution_started",
        "workflow_execution_signaled",
        "workflow_execution_update_accepted",
        *ACTIVITY,
        "workflow_execution_update_completed",
        "workflow_execution_signaled",
        "workflow_execution_completed",
    ]
    replays([history])


def test_children_and_what_becomes_of_them_when_their_parent_closes() -> None:
    """One is terminated, one is asked to cancel, and one goes on."""

    async def drive(client: Client) -> tuple[Any, list[Any]]:
        handle = await client.start_workflow(zoo.Parent.run, "p", id="it", task_queue=QUEUE)
        result = await handle.result()
        await asyncio.sleep(1)
        ids = (f"p-{one}" for one in ("TERMINATE", "REQUEST_CANCEL", "ABANDON"))
        return result, [(await client.get_workflow_handle(one).describe()).status for one in ids]

    result, left = driven(drive)

    assert result == ["fine", "the child fails"]
    assert left == [
        WorkflowExecutionStatus.TERMINATED,
        WorkflowExecutionStatus.CANCELED,
        WorkflowExecutionStatus.RUNNING,
    ]


def test_a_workflow_goes_on_as_new() -> None:
    """With a history of its own for each run; its result is that of the last."""

    async def drive(client: Client) -> tuple[Any, WorkflowHistory, WorkflowHistory]:
        handle = await client.start_workflow(zoo.GoesOn.run, 2, id="it", task_queue=QUEUE)
        result = await handle.result()
        first = client.get_workflow_handle("it", run_id=handle.first_execution_run_id)
        return result, await first.fetch_history(), await handle.fetch_history()

    result, first, last = driven(drive)

    assert result == 3
    assert events(first) == ["workflow_execution_started", "workflow_execution_continued_as_new"]
    assert events(last) == ["workflow_execution_started", "workflow_execution_completed"]
    replays([first, last])


def test_a_workflow_is_tried_again_as_its_policy_says() -> None:
    """After the wait that it says."""
    found = ran(zoo.TriesAgain.run, retry_policy=RetryPolicy(initial_interval=timedelta(seconds=10)))

    assert found.result == 3
    assert 30 < found.took < 31


@pytest.mark.parametrize("limit", ["run_timeout", "execution_timeout"])
def test_a_workflow_times_out(limit: str) -> None:
    """It is ended from outside."""
    limits: dict[str, Any] = {limit: timedelta(seconds=5)}
    found = ran(zoo.Listens.run, **limits)

    assert isinstance(found.result, TimeoutError)
    assert events(found.history)[-1] == "workflow_execution_timed_out"


def test_local_activities_and_patches_are_markers() -> None:
    """And the SDK's replay finds them."""
    found = ran(zoo.Locally.run, "a")

    assert found.result == "aaTrue"
    assert events(found.history)[:6] == [
        "workflow_execution_started",
        "marker_recorded",
        "marker_recorded",
        "marker_recorded",
        "upsert_workflow_search_attributes",
        "activity_task_scheduled",
    ]


def test_a_workflow_that_closes_although_something_has_come_does_its_task_again() -> None:
    """With what has come, in a new instance: the server refuses to close it (UnhandledCommand)."""

    async def drive(client: Client) -> tuple[Any, WorkflowHistory]:
        loop = asyncio.get_running_loop()
        handle: WorkflowHandle[Any, Any] = client.get_workflow_handle("it")
        zoo.INTERRUPT[0] = lambda: asyncio.run_coroutine_threadsafe(handle.signal(zoo.Busy.tell), loop).result(9)
        await client.start_workflow(zoo.Busy.run, id="it", task_queue=QUEUE)
        return await handle.result(), await handle.fetch_history()

    heard, history = driven(drive)

    assert heard is True
    assert [str(one.WhichOneof("attributes")).removesuffix("_event_attributes") for one in history.events][2:6] == [
        "workflow_task_started",
        "workflow_task_failed",
        "workflow_execution_signaled",
        "workflow_task_scheduled",
    ]
    replays([history])


def test_an_update_is_done_once() -> None:
    """Whoever asks again gets the same answer, also from a workflow that has closed; one that was rejected is asked."""

    async def drive(client: Client) -> list[str]:
        handle = await client.start_workflow(zoo.Listens.run, id="it", task_queue=QUEUE)
        for _ in range(2):
            assert await handle.execute_update(zoo.Listens.ask, "b", id="one") == "b"
            with pytest.raises(WorkflowUpdateFailedError):
                await handle.execute_update(zoo.Listens.ask, "", id="two")
        assert await handle.execute_update(zoo.Listens.ask, "c", id="two") == "c"
        await handle.signal(zoo.Listens.tell, "end")
        taken = await handle.result()
        assert await handle.execute_update(zoo.Listens.ask, "b", id="one") == "b"
        with pytest.raises(RPCError):
            await handle.execute_update(zoo.Listens.ask, "b", id="three")
        return taken

    assert driven(drive) == ["b", "c", "end"]


def test_a_signal_that_is_sent_again_is_taken_once() -> None:
    """As the client of the SDK does when it gets no answer."""

    async def drive(client: Client) -> list[str]:
        handle = await client.start_workflow(zoo.Listens.run, id="it", task_queue=QUEUE)
        for name, request_id in (("a", "1"), ("a", "1"), ("a", "2"), ("end", "3")):
            await client.workflow_service.signal_workflow_execution(
                SignalWorkflowExecutionRequest(
                    namespace=client.namespace,
                    workflow_execution=WorkflowExecution(workflow_id="it"),
                    signal_name="tell",
                    input=Payloads(payloads=await client.data_converter.encode([name])),
                    request_id=request_id,
                )
            )
        return await handle.result()

    assert driven(drive) == ["a", "a", "end"]


def test_a_description_has_what_the_workflow_has_said_last() -> None:
    """What it has taken back is not in it."""

    async def drive(client: Client) -> WorkflowExecutionDescription:
        handle = await client.start_workflow(
            zoo.Describes.run,
            id="it",
            task_queue=QUEUE,
            memo={"first": 1, "gone": 1},
            search_attributes=TypedSearchAttributes([SearchAttributePair(zoo.OTHER, "given")]),
        )
        await handle.result()
        return await handle.describe()

    found: WorkflowExecutionDescription = driven(drive)

    assert asyncio.run(found.memo()) == {"first": 1, "more": 2}
    assert [(one.key.name, one.value) for one in found.typed_search_attributes] == [("Stage", "begun")]
    assert found.execution_time == found.start_time
    assert found.status is WorkflowExecutionStatus.COMPLETED


def test_what_is_asked_of_a_workflow_that_is_not_there_is_refused() -> None:
    """With the code of a real server."""

    async def drive(client: Client) -> None:
        handle = client.get_workflow_handle("nobody")
        for asked in (handle.signal("x"), handle.cancel(), handle.terminate(), handle.describe()):
            with pytest.raises(RPCError) as refused:
                await asked
            assert refused.value.status is RPCStatusCode.NOT_FOUND

    driven(drive)


def test_a_handle_does_not_cancel_or_end_the_workflow_that_has_its_id_now() -> None:
    """It names the run with which its own began."""

    async def drive(client: Client) -> list[RPCStatusCode]:
        first = await client.start_workflow(zoo.Listens.run, id="it", task_queue=QUEUE)
        await first.terminate()
        second = await client.start_workflow(zoo.Listens.run, id="it", task_queue=QUEUE)
        refused = []
        for ask in (first.cancel, first.terminate):
            with pytest.raises(RPCError) as error:
                await ask()
            refused.append(error.value.status)
        await second.signal(zoo.Listens.tell, "end")
        assert await second.result() == ["end"]
        return refused

    assert simulate(drive, workflows=WORKFLOWS) == [RPCStatusCode.NOT_FOUND] * 2


def test_an_id_is_used_once_at_a_time() -> None:
    """And again only if the policy allows it."""

    async def drive(client: Client) -> None:
        options: dict[str, Any] = {"id": "it", "task_queue": QUEUE}
        handle = await client.start_workflow(zoo.Listens.run, **options)
        with pytest.raises(WorkflowAlreadyStartedError):
            await client.start_workflow(zoo.Listens.run, **options)
        await handle.terminate()
        refuse = WorkflowIDReusePolicy.REJECT_DUPLICATE
        with pytest.raises(WorkflowAlreadyStartedError):
            await client.start_workflow(zoo.Listens.run, id_reuse_policy=refuse, **options)
        await (await client.start_workflow(zoo.Listens.run, **options)).terminate()

    driven(drive)


def test_every_run_takes_the_same_way() -> None:
    """To the same moment: nothing is left to chance."""
    first, second = (ran(zoo.Calls.run, "a") for _ in range(2))

    def times(of: Ran) -> list[float]:
        start = of.history.events[0].event_time.ToNanoseconds()
        return [round((one.event_time.ToNanoseconds() - start) / 1e6) for one in of.history.events]

    assert times(first) == times(second)


def test_a_failed_task_is_repeated_and_does_not_end_the_workflow() -> None:
    """As a bug in workflow code does it."""

    async def drive(client: Client) -> WorkflowHistory:
        handle = await client.start_workflow("Unknown", id="it", task_queue=QUEUE)
        await asyncio.sleep(15)
        description = (await handle.describe()).raw_description
        assert description.pending_workflow_task.attempt > 1
        await handle.terminate()
        return await handle.fetch_history()

    assert events(driven(drive)) == ["workflow_execution_started", "workflow_execution_terminated"]


def test_the_failure_of_an_update_of_a_closing_workflow() -> None:
    """An update that was accepted and not completed is answered when its workflow closes."""

    async def drive(client: Client) -> str:
        handle = await client.start_workflow(zoo.Listens.run, id="it", task_queue=QUEUE)
        accepted = WorkflowUpdateStage.ACCEPTED
        asking = await handle.start_update(zoo.Listens.ask, "a", wait_for_stage=accepted)
        await handle.terminate()
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await asking.result()
        assert isinstance(failed.value.cause, ApplicationError)
        return str(failed.value.cause.type)

    assert driven(drive) == "AcceptedUpdateCompletedWorkflow"
