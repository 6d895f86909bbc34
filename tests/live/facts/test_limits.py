"""How long and how large a history may be, what adds to it, and what it costs to have one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from time import process_time
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.api.command.v1 import Command
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowHistory,
)
from temporalio.exceptions import TerminatedError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, Worker
from temporalio.workflow import NondeterminismError

from harness.environment.open import Environment
from scenarios.entity._limited import LIMITED
from tests.live.apps.growing import (
    STEPS_MADE,
    Child,
    CountsItsSteps,
    Does,
    GoesOnWhenSuggested,
    TakesLongToReplay,
    TakesMuch,
    TakesTen,
    much,
    nothing,
)
from tests.live.facts.by_hand import ByHand, marker

WITHIN = timedelta(seconds=30)

WORKFLOWS = [Child, Does, GoesOnWhenSuggested, TakesLongToReplay, TakesMuch, TakesTen, CountsItsSteps]

Start = Callable[..., Coroutine[Any, Any, WorkflowHandle[Any, Any]]]


@asynccontextmanager
async def working(client: Client, **options: Any) -> AsyncIterator[Start]:
    """Start workflows on a worker that knows all of them."""
    queue = f"limits-{uuid4()}"

    async def start(run: Any, *args: Any, **more: Any) -> WorkflowHandle[Any, Any]:
        name = f"grows-{uuid4()}"
        return await client.start_workflow(
            run, args=args, id=name, task_queue=queue, **{"task_timeout": WITHIN, **more}
        )

    async with Worker(client, task_queue=queue, workflows=WORKFLOWS, activities=[nothing, much], **options):
        yield start


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def limited(harness_environment: Environment) -> AsyncIterator[Client]:
    """A client of a server whose limits are within reach."""
    async with harness_environment.server_for(LIMITED, name=f"limits-{uuid4()}") as server:
        yield server.client


async def length_of(handle: WorkflowHandle[Any, Any]) -> int:
    """How many events a history has."""
    return (await handle.describe()).history_length


async def next_run(client: Client, workflow_id: str, *, run_id: str) -> str:
    """The run that follows a run, once that is over."""
    following = ""
    async for event in client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history_events(wait_new_event=True):
        following = event.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return following


def reason_of(failed: pytest.ExceptionInfo[WorkflowFailureError]) -> str:
    """Why a workflow was terminated."""
    assert isinstance(failed.value.cause, TerminatedError)
    return str(failed.value.cause)


# --- what adds to a history -----------------------------------------------------------------------------------------


@pytest.mark.claims("HIS-001")
@pytest.mark.parametrize(("what", "each"), [("activity", 6), ("timer", 5), ("child", 9)])
async def test_each_thing_adds_its_events(harness_environment: Environment, what: str, each: int) -> None:
    """Six for an activity, five for a timer, three for a child besides the two tasks around them; five for the rest."""
    async with working(harness_environment.temporal.client) as start:
        handle = await start(Does.run, what, 3)
        await handle.result()

        assert await length_of(handle) == 3 + 3 * each + 2


@pytest.mark.claims("HIS-001")
async def test_signals_that_come_together_share_a_task(harness_environment: Environment) -> None:
    """One event each, and three for the task."""
    client, queue = harness_environment.temporal.client, f"together-{uuid4()}"
    handle = await client.start_workflow(Does.run, args=["signal", 3], id=queue, task_queue=queue)
    for _ in range(3):
        await handle.signal(Does.tell)
    async with Worker(client, task_queue=queue, workflows=[Does, Child]):
        await handle.result()

    assert await length_of(handle) == 2 + 3 + 3


# --- the defaults ---------------------------------------------------------------------------------------------------


async def grow(worker: ByHand, plan: Iterable[Sequence[Command]]) -> list[tuple[int, int, tuple[int, ...]]]:
    """Answer each task with these commands, until the server has had enough.

    Returns:
        For each task, how long and how large the history was, and for which reasons it was suggested to continue as
        new: 1 is its size, 2 its length.
    """
    seen: list[tuple[int, int, tuple[int, ...]]] = []
    task = await worker.take()
    for commands in plan:
        last = await worker.last()
        told = last.workflow_task_started_event_attributes
        assert told.suggest_continue_as_new == bool(told.suggest_continue_as_new_reasons)
        seen.append((last.event_id, told.history_size_bytes, tuple(told.suggest_continue_as_new_reasons)))
        try:
            task = await worker.answer(task, commands, another=True)
        except RPCError as error:
            if "exceeds limit" not in error.message:
                raise
            break
    return seen


@pytest.mark.claims("CON-011", "HIS-002")
async def test_by_default_a_history_ends_at_51_200_events(harness_environment: Environment) -> None:
    """It is suggested to continue as new from 4,096 on, at every task; then the server terminates the workflow."""
    worker = await ByHand.begin(harness_environment.temporal.client)
    # A thousand at a time: on a busy machine, an answer with ten thousand comes after its task has timed out.
    sizes = [4080, 20, *[1_000] * 46, *[100] * 20]
    seen = await grow(worker, ([marker()] * size for size in sizes))
    with pytest.raises(WorkflowFailureError) as failed:
        await worker.handle.result()

    assert all((length >= 4096) is (reasons == (2,)) for length, _, reasons in seen), seen
    assert seen[1][0] < 4096 <= seen[2][0] < 4096 + 50
    assert "Workflow history count exceeds limit." in reason_of(failed)
    # What would have gone beyond is not recorded: a hundred events at a time, at the end.
    assert 51_200 - 110 <= await length_of(worker.handle) <= 51_200 + 10


@pytest.mark.claims("CON-011", "HIS-003")
async def test_by_default_a_history_ends_at_50_mebibytes(harness_environment: Environment) -> None:
    """It is suggested to continue as new from 4 MiB on; then the server terminates the workflow."""
    worker = await ByHand.begin(harness_environment.temporal.client)
    seen = await grow(worker, ([marker(2_000_000)] for _ in range(40)))
    with pytest.raises(WorkflowFailureError) as failed:
        await worker.handle.result()

    assert all((size >= 4 * 2**20) is (reasons == (1,)) for _, size, reasons in seen), seen
    assert "Workflow history size exceeds limit." in reason_of(failed)
    described = (await worker.handle.describe()).raw_description.workflow_execution_info
    assert 50 * 2**20 <= described.history_size_bytes < 50 * 2**20 + 5_000_000


# --- within reach ---------------------------------------------------------------------------------------------------


@pytest.mark.claims("HIS-003")
async def test_a_history_that_grows_too_large_ends_the_workflow(limited: Client) -> None:
    """Its code is not asked: it just had a result and was about to go on."""
    async with working(limited) as start:
        handle = await start(TakesMuch.run, 5000, 100)
        with pytest.raises(WorkflowFailureError) as failed:
            await handle.result()

    assert "Workflow history size exceeds limit." in reason_of(failed)
    events = [EventType.Name(event.event_type) for event in (await handle.fetch_history()).events]
    assert events[-3:-1] == ["EVENT_TYPE_ACTIVITY_TASK_COMPLETED", "EVENT_TYPE_WORKFLOW_TASK_SCHEDULED"]


@pytest.mark.claims("HIS-004")
async def test_signals_alone_fill_a_history(limited: Client) -> None:
    """Each with a task of its own, until the workflow is terminated and takes no more."""
    worker = await ByHand.begin(limited)
    sent = 0
    async with asyncio.timeout(30):
        while (await worker.handle.describe()).status is WorkflowExecutionStatus.RUNNING:
            with suppress(RPCError):  # the one that is too many may be the task's end
                await worker.answer(await worker.take(), [])
                await worker.handle.signal("one more")
                sent += 1

    with pytest.raises(WorkflowFailureError) as failed:
        await worker.handle.result()
    assert sent < 50
    assert "Workflow history count exceeds limit." in reason_of(failed)
    with pytest.raises(RPCError, match="workflow execution already completed"):
        await worker.handle.signal("one more")


@pytest.mark.claims("HIS-004")
async def test_a_run_takes_only_so_many_signals(limited: Client) -> None:
    """The one beyond is refused, and the workflow stays as it is."""
    worker = await ByHand.begin(limited)
    for _ in range(50):
        await worker.handle.signal("take")
    with pytest.raises(RPCError, match="exceeded workflow execution limit for signal events") as refused:
        await worker.handle.signal("take")

    assert refused.value.status is RPCStatusCode.INVALID_ARGUMENT
    assert (await worker.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await worker.handle.terminate()


@pytest.mark.claims("HIS-004")
async def test_a_new_run_takes_as_many_again(limited: Client) -> None:
    """Seventy in all, where a run takes fifty."""
    async with working(limited) as start:
        handle = await start(TakesTen.run, 0, 70)
        run_id = str(handle.first_execution_run_id)
        for number in range(70):
            await handle.signal(TakesTen.take)
            if number % 10 == 9 and number < 69:
                # Before the next ten come, that run is over.
                run_id = await next_run(limited, handle.id, run_id=run_id)

        assert await handle.result() == 70


# --- the suggestion -------------------------------------------------------------------------------------------------


@pytest.mark.claims("CON-010", "CON-011")
@pytest.mark.parametrize("cached", [1000, 0], ids=["cached", "replayed-at-every-task"])
async def test_the_suggestion_is_recorded_and_replayed(limited: Client, cached: int) -> None:
    """It comes at the same event with and without a cache; without its record the history does not replay."""
    async with working(limited, max_cached_workflows=cached) as start:
        handle = await start(GoesOnWhenSuggested.run, [])
        length, looks = await handle.result()
    history = await limited.get_workflow_handle(handle.id, run_id=handle.first_execution_run_id).fetch_history()
    changed = history.to_json_dict()
    for event in changed["events"]:
        event.get("workflowTaskStartedEventAttributes", {}).pop("suggestContinueAsNew", None)
    replayer = Replayer(workflows=WORKFLOWS)

    assert (length, looks) == (45, 3)
    assert (await replayer.replay_workflow(history)).replay_failure is None
    with pytest.raises(NondeterminismError, match="TMPRL1100"):
        await replayer.replay_workflow(WorkflowHistory.from_json(handle.id, json.dumps(changed)))


# --- replay ---------------------------------------------------------------------------------------------------------


@pytest.mark.claims("HIS-005")
async def test_a_replay_that_takes_longer_than_its_task_may(harness_environment: Environment) -> None:
    """The first task after a restart times out; that is not the end of it."""
    client, queue = harness_environment.temporal.client, f"slow-{uuid4()}"
    unsandboxed: dict[str, Any] = {"workflow_runner": UnsandboxedWorkflowRunner(), "workflows": [TakesLongToReplay]}
    handle = await client.start_workflow(
        TakesLongToReplay.run, 18, id=queue, task_queue=queue, task_timeout=timedelta(seconds=1)
    )
    async with Worker(client, task_queue=queue, **unsandboxed), asyncio.timeout(60):
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED and event.event_id > 5 * 18 - 2:
                break
    await handle.signal(TakesLongToReplay.ask)
    async with Worker(client, task_queue=queue, **unsandboxed), asyncio.timeout(60):
        assert await handle.result() == 18

    events = [EventType.Name(event.event_type) for event in (await handle.fetch_history()).events]
    assert "EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT" in events


@pytest.mark.claims("HIS-006")
@pytest.mark.parametrize(("cached", "made"), [(1000, 20), (0, sum(range(1, 21)) + 20)], ids=["cached", "not-cached"])
async def test_without_a_cache_every_task_repeats_all_before_it(
    harness_environment: Environment, cached: int, made: int
) -> None:
    """Which is what makes replay costly: twenty steps become two hundred and thirty."""
    STEPS_MADE.clear()
    options = {"workflow_runner": UnsandboxedWorkflowRunner(), "max_cached_workflows": cached}
    async with working(harness_environment.temporal.client, **options) as start:
        await (await start(CountsItsSteps.run, 20)).result()

    assert len(STEPS_MADE) == made


@pytest.mark.claims("HIS-006")
async def test_replay_takes_as_long_as_the_history_is(harness_environment: Environment) -> None:
    """In processor time, which a busy machine does not change: eight times the events, about eight times as long."""
    async with working(harness_environment.temporal.client) as start:
        handles = [await start(Does.run, "activity", times) for times in (20, 160)]
        for handle in handles:
            await handle.result()
    histories = [await handle.fetch_history() for handle in handles]
    replayer = Replayer(workflows=WORKFLOWS)
    await replayer.replay_workflow(histories[0])
    took = []
    for history in histories:
        begun = process_time()
        for _ in range(3):
            await replayer.replay_workflow(history)
        took.append(process_time() - begun)

    assert took[0] < took[1]
    assert took[1] / took[0] < 2 * len(histories[1].events) / len(histories[0].events)
