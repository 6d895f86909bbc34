"""What continuing as new keeps, loses and takes, without anything failing around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio import exceptions
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, TerminatedError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from harness import Clock, Server
from harness.environment.open import Environment
from harness.environment.temporal import dev_server as module
from harness.environment.temporal.dev_server import dev_server
from harness.processes.guard import ProcessGuard
from tests.live.apps.chains import (
    CHAINS,
    Catches,
    Counts,
    ForgetsItsQueue,
    GoesOn,
    HandsOver,
    HandsOverLess,
    LeavesAHandler,
    LeavesAnActivity,
    Long,
    MakesItsQueueTooLate,
    ReadsItsStateAsPrinted,
    SleepsInAsyncio,
    TellsTheTime,
    WaitsWithoutPatience,
)
from tests.live.facts.by_hand import ByHand, continue_as_new

WITHIN = 30

EXACT = timedelta(microseconds=2)
"""What is lost when nanoseconds are rounded."""

Start = Callable[..., Coroutine[Any, Any, WorkflowHandle[Any, Any]]]


@asynccontextmanager
async def starting(client: Client, **options: Any) -> AsyncIterator[Start]:
    """Start workflows on a worker that knows all chains."""
    queue = f"chains-{uuid4()}"

    async def start(run: Any, *args: Any, **more: Any) -> WorkflowHandle[Any, Any]:
        name = f"chain-{uuid4()}"
        within = timedelta(seconds=WITHIN)
        return await client.start_workflow(run, args=args, id=name, task_queue=queue, task_timeout=within, **more)

    async with Worker(client, task_queue=queue, **{"workflows": CHAINS, **options}):
        yield start


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def start(harness_environment: Environment) -> AsyncIterator[Start]:
    """Start workflows on the shared server."""
    async with starting(harness_environment.temporal.client) as one:
        yield one


async def runs_of(client: Client, handle: WorkflowHandle[Any, Any]) -> list[list[HistoryEvent]]:
    """The events of each run, the first run first."""
    runs: list[list[HistoryEvent]] = []
    following = str(handle.first_execution_run_id or handle.result_run_id)
    while following:
        history = await client.get_workflow_handle(handle.id, run_id=following).fetch_history()
        runs.append(list(history.events))
        following = runs[-1][-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return runs


async def seen(client: Client, workflow_id: str, *, run_id: str, until: int = 0) -> list[HistoryEvent]:
    """The events of a run, once one of this type is there, or once it is over."""
    events: list[HistoryEvent] = []
    handle = client.get_workflow_handle(workflow_id, run_id=run_id)
    async for event in handle.fetch_history_events(wait_new_event=True):
        events.append(event)
        if event.event_type == until:
            break
    return events


async def first_failing_task(handle: WorkflowHandle[Any, Any]) -> Any:
    """The attributes of the first workflow task of its first run that failed; waits for it."""
    failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    async with asyncio.timeout(WITHIN):
        events = await seen(handle._client, handle.id, run_id=str(handle.result_run_id), until=failed)
    return events[-1].workflow_task_failed_event_attributes


async def stuck_with(handle: WorkflowHandle[Any, Any]) -> str:
    """The type of the error that its workflow task failed with; it is open all the same, and is ended here."""
    failing = await first_failing_task(handle)
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await handle.terminate()
    return str(failing.failure.application_failure_info.type)


@pytest.mark.claims("CON-001", "CON-002")
async def test_a_chain_has_one_id_and_runs_of_their_own(harness_environment: Environment, start: Start) -> None:
    """Each run names the one before and the first; its history begins at 1, however long the one before was."""
    client = harness_environment.temporal.client
    handle = await start(Counts.run, 2)
    length, _ = await handle.result()

    runs = await runs_of(client, handle)
    begun = [run[0].workflow_execution_started_event_attributes for run in runs]
    ids = [one.original_execution_run_id for one in begun]
    assert len(set(ids)) == 3
    assert [one.continued_execution_run_id for one in begun] == ["", *ids[:2]]
    assert {one.first_execution_run_id for one in begun} == {ids[0]}
    assert [(one.initiator, one.attempt) for one in begun[1:]] == [(1, 1), (1, 1)]
    assert (await client.get_workflow_handle(handle.id).describe()).run_id == ids[-1]
    old = await client.get_workflow_handle(handle.id, run_id=ids[0]).describe()
    assert old.status is WorkflowExecutionStatus.CONTINUED_AS_NEW
    # Fewer memos each: nothing of the longer run before is copied. The first activation already sees three events.
    assert [len(run) for run in runs] == [15, 10, 5]
    assert all(run[0].event_id == 1 for run in runs)
    assert length == 3


@pytest.mark.claims("CON-003")
async def test_nobody_finds_a_chain_closed_between_two_runs(harness_environment: Environment, start: Start) -> None:
    """One run ends and the next begins at the same instant, whoever looks."""
    client = harness_environment.temporal.client
    handle = await start(GoesOn.run, 20, 0.005)
    seen = [WorkflowExecutionStatus.RUNNING]
    async with asyncio.timeout(WITHIN):
        while seen[-1] is WorkflowExecutionStatus.RUNNING:
            described = await client.get_workflow_handle(handle.id).describe()
            seen.append(described.status or WorkflowExecutionStatus.FAILED)

    runs = await runs_of(client, handle)
    assert len(runs) == 20
    assert set(seen) == {WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED}
    ends, begins = [run[-1].event_time for run in runs[:-1]], [run[0].event_time for run in runs[1:]]
    assert ends == begins


@pytest.mark.claims("CON-004")
async def test_what_is_not_handed_over_is_lost_silently(harness_environment: Environment) -> None:
    """Ten signals were taken and one was done; no run knows of the other nine, and nothing says so."""
    client, queue = harness_environment.temporal.client, f"forgets-{uuid4()}"
    handle = await client.start_workflow(ForgetsItsQueue.run, [], id=queue, task_queue=queue)
    for number in range(10):
        await handle.signal(ForgetsItsQueue.ask, number)
    async with Worker(client, task_queue=queue, workflows=[ForgetsItsQueue]), asyncio.timeout(WITHIN):
        first = await seen(client, queue, run_id=str(handle.first_execution_run_id))
        following = first[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
        second = await seen(client, queue, run_id=following, until=EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
    await client.get_workflow_handle(queue).terminate()

    asked = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    handed_over = second[0].workflow_execution_started_event_attributes.input.payloads[0].data
    assert [event.event_type for event in first].count(asked) == 10
    assert [event.event_type for event in second] == [1, 5, 6, 7]  # begun, and its one task is done: it waits
    assert handed_over == b"[0]"


@pytest.mark.claims("CON-005")
async def test_a_signal_that_comes_as_a_run_decides_to_end_is_seen(harness_environment: Environment) -> None:
    """The server refuses the decision, and has the task done again with the signal in it."""
    worker = await ByHand.begin(harness_environment.temporal.client)
    task = await worker.take()
    await worker.handle.signal("late")
    with pytest.raises(RPCError, match="UnhandledCommand"):
        await worker.answer(task, [continue_as_new(worker.name)])
    again = await worker.take()
    await worker.answer(again, [continue_as_new(worker.name)])
    await worker.client.get_workflow_handle(worker.name).terminate()

    first, second = await runs_of(worker.client, worker.handle)
    kinds = [EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in first]
    assert kinds.index("WORKFLOW_EXECUTION_SIGNALED") < kinds.index("WORKFLOW_EXECUTION_CONTINUED_AS_NEW")
    failing = first[kinds.index("WORKFLOW_TASK_FAILED")].workflow_task_failed_event_attributes
    assert failing.cause == 1  # WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND
    assert second[0].event_id == 1


@pytest.mark.claims("CON-006")
@pytest.mark.parametrize("signals", [0, 1])
async def test_the_entity_as_printed_never_begins(start: Start, signals: int) -> None:
    """Its queue is not there when it first looks, nor when a signal comes before."""
    handle = await start(
        MakesItsQueueTooLate.run, **({"start_signal": "event", "start_signal_args": [1]} if signals else {})
    )

    assert await stuck_with(handle) == "AttributeError"


@pytest.mark.claims("CON-007")
async def test_an_idle_wait_that_is_not_caught_fails_the_workflow(start: Start) -> None:
    """Not its task: a time-out is one of the few errors that end a workflow."""
    with pytest.raises(WorkflowFailureError) as failed:
        await (await start(WaitsWithoutPatience.run)).result()

    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == "TimeoutError"


@pytest.mark.claims("CON-008")
async def test_a_run_s_start_time_is_that_of_its_first_task(harness_environment: Environment, start: Start) -> None:
    """And not that of its start; both begin anew with every run."""
    handle = await start(TellsTheTime.run, 1)
    told = await handle.result()

    first, second = await runs_of(harness_environment.temporal.client, handle)
    taken = next(event for event in second if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
    begun = second[0].event_time.ToDatetime(tzinfo=told.now.tzinfo)
    assert abs(told.start_time - taken.event_time.ToDatetime(tzinfo=told.now.tzinfo)) <= EXACT
    assert abs(told.start_time - told.now) <= EXACT
    assert abs(told.workflow_start_time - begun) <= EXACT
    assert told.start_time - told.workflow_start_time > 10 * EXACT
    assert first[0].event_time.ToDatetime(tzinfo=told.now.tzinfo) < begun


@pytest.mark.claims("CON-009")
@pytest.mark.parametrize(("what", "came"), [("exceptions", "new run"), ("all", "swallowed")])
async def test_who_catches_everything_goes_on_in_the_same_run(start: Start, what: str, came: str) -> None:
    """`except Exception` does not stop it, `except BaseException` does."""
    assert await (await start(Catches.run, what)).result() == came


@pytest.mark.claims("CON-013")
@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"version": 2, "balance": 1.0}, "AttributeError"),
        ({"version": 9, "balance": 1.0}, "ValueError"),
        ({"version": 1, "balance": 1.0, "colour": "blue"}, "TypeError"),
    ],
    ids=["newer", "unknown", "one-key-more"],
)
async def test_a_state_read_as_printed_leaves_the_workflow_hanging(start: Start, state: Any, error: str) -> None:
    """None of the three errors fails it; it is retried for ever, right after it has continued as new."""
    assert await stuck_with(await start(ReadsItsStateAsPrinted.run, state)) == error


@pytest.mark.claims("CON-013")
async def test_a_state_without_a_version_has_the_first(start: Start) -> None:
    """As printed, too."""
    assert await (await start(ReadsItsStateAsPrinted.run, {"balance": 1.5})).result() == 1.5


LARGEST = 2_097_116
"""Characters of the largest text that can be handed over beside a number: 2 MiB with all that is around them."""


@pytest.mark.claims("CON-014")
async def test_a_state_that_is_too_large_is_not_handed_over_until_other_code_comes(
    harness_environment: Environment,
) -> None:
    """The worker refuses, the workflow stays open, and a deployment cures it."""
    client, queue = harness_environment.temporal.client, f"large-{uuid4()}"
    within = timedelta(seconds=5)
    handle = await client.start_workflow(
        HandsOver.run, args=[LARGEST + 1000, ""], id=queue, task_queue=queue, task_timeout=within
    )
    async with Worker(client, task_queue=queue, workflows=[HandsOver]):
        failing = await first_failing_task(handle)
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
        fits = await client.execute_workflow(
            HandsOver.run, args=[LARGEST - 1000, ""], id=f"{queue}-2", task_queue=queue
        )
    async with Worker(client, task_queue=queue, workflows=[HandsOverLess]), asyncio.timeout(WITHIN):
        assert await handle.result() == 1

    assert failing.cause == 37  # WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE
    assert failing.failure.application_failure_info.type == "PayloadsTooLarge"
    assert fits == LARGEST - 1000


@pytest.mark.claims("CON-014")
async def test_a_worker_that_does_not_refuse_has_the_server_end_the_workflow(
    harness_environment: Environment,
) -> None:
    """For good: nothing cures that."""
    async with starting(harness_environment.temporal.client, disable_payload_error_limit=True) as start:
        with pytest.raises(WorkflowFailureError) as failed:
            await (await start(HandsOver.run, LARGEST + 1000, "")).result()

    assert isinstance(failed.value.cause, TerminatedError)
    assert "BadContinueAsNewAttributes" in str(failed.value.cause)


@pytest.mark.claims("CON-015")
async def test_by_default_a_run_waits_until_a_second_after_the_last_one_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server of which nobody has asked anything else."""
    monkeypatch.delitem(module.DYNAMIC_CONFIG, "history.workflowIdReuseMinimalInterval")
    took = waited = timedelta(0)
    async with ProcessGuard() as guard, dev_server(guard=guard, log=tmp_path / "log") as server:
        # Once the server is warm; on a busy machine a run may last longer than the second that is asked about.
        for _ in range(10):
            worker = await ByHand.begin(server.client)
            await worker.answer(await worker.take(), [continue_as_new(worker.name)])
            first, second = await runs_of(server.client, worker.handle)
            begun = second[0].workflow_execution_started_event_attributes
            waited = begun.first_workflow_task_backoff.ToTimedelta()
            took = second[0].event_time.ToDatetime() - first[0].event_time.ToDatetime()
            if took < timedelta(seconds=1):
                break

    assert waited > timedelta(0)
    assert abs(took + waited - timedelta(seconds=1)) < timedelta(milliseconds=50)


@pytest.mark.claims("CON-016")
async def test_asyncio_does_not_sleep_for_a_duration(start: Start) -> None:
    """It wants a number."""
    assert await stuck_with(await start(SleepsInAsyncio.run)) == "TypeError"


@pytest.mark.claims("CON-017")
async def test_all_runs_of_a_chain_share_one_execution_timeout(harness_environment: Environment, start: Start) -> None:
    """A later run ends by it; what else a run was started with, each of them has."""
    policy = RetryPolicy(maximum_attempts=7)
    two = timedelta(seconds=2)
    options = {"execution_timeout": two, "retry_policy": policy, "memo": {"kept": 1}}
    handle = await start(GoesOn.run, 1000, 0.1, **options)
    with pytest.raises(WorkflowFailureError) as failed:
        await handle.result()

    runs = await runs_of(harness_environment.temporal.client, handle)
    first, last = (run[0].workflow_execution_started_event_attributes for run in (runs[0], runs[-1]))
    assert isinstance(failed.value.cause, exceptions.TimeoutError)
    assert len(runs) > 1
    assert runs[-1][-1].event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT
    assert last.workflow_execution_timeout.ToTimedelta() == two
    assert last.workflow_task_timeout == first.workflow_task_timeout
    assert last.task_queue.name == first.task_queue.name
    assert last.retry_policy.maximum_attempts == 7
    assert set(last.memo.fields) == {"kept"}


@pytest.mark.claims("CON-017")
async def test_each_run_of_a_chain_has_the_run_timeout_for_itself(harness_environment: Environment) -> None:
    """Three runs of forty minutes are fine with an hour each; the time is skipped."""
    wanted = Server(clock=Clock.SKIPPING)
    async with (
        harness_environment.server_for(wanted, name=f"facts-{uuid4()}") as server,
        starting(server.client) as start,
    ):
        handle = await start(GoesOn.run, 3, 40 * 60, run_timeout=timedelta(hours=1))

        assert await handle.result() == 0


@pytest.mark.claims("CON-018")
async def test_an_activity_is_neither_waited_for_nor_cancelled(harness_environment: Environment) -> None:
    """It ends when it ends, and no run hears of it."""
    client, long = harness_environment.temporal.client, Long()
    async with starting(client, activities=[long.run]) as start, asyncio.timeout(WITHIN):
        handle = await start(LeavesAnActivity.run, 1)
        await long.began.wait()
        await handle.signal(LeavesAnActivity.go)
        assert await handle.result() == "nothing"
        assert not long.ended.is_set()
        long.may_end.set()
        await long.ended.wait()

    runs = await runs_of(client, handle)
    kinds = [EventType.Name(event.event_type) for run in runs for event in run]
    assert [kind for kind in kinds if "ACTIVITY" in kind] == ["EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"]
    assert not long.cancelled


@pytest.mark.claims("CON-019")
async def test_a_handler_that_waits_is_dropped(start: Start) -> None:
    """What it was to do after its wait is done by nobody."""
    handle = await start(LeavesAHandler.run, 1)
    await handle.signal(LeavesAHandler.begin)

    assert await handle.result() == 0


@pytest.mark.claims("CON-020")
async def test_clients_reach_the_chain_by_its_id_and_a_run_only_by_its_own(
    harness_environment: Environment, start: Start
) -> None:
    """Signals and results follow the id; a handle on a run that is over is refused."""
    client = harness_environment.temporal.client
    handle = await start(Counts.run, 1, "held")
    first = str(handle.first_execution_run_id)
    await handle.signal(Counts.go)
    async with asyncio.timeout(WITHIN):
        await seen(client, handle.id, run_id=first)
    with pytest.raises(RPCError, match="workflow execution already completed") as refused:
        await client.get_workflow_handle(handle.id, run_id=first).signal(Counts.go)
    await handle.signal(Counts.go)

    assert refused.value.status is RPCStatusCode.NOT_FOUND
    assert (await handle.result())[1] == 0
