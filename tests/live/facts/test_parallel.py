"""When activities start, what becomes of the others when one fails, and how many there may be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio import activity
from temporalio.client import WorkflowExecutionStatus as Status
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError

from harness import Server
from harness.environment.open import Environment
from harness.evidence.history import History
from scenarios.entity._limited import LIMITED
from scenarios.parallel import one_in_ten_refused
from scenarios.parallel.activities import Step
from scenarios.parallel.few_activities_allowed import FEW
from scenarios.parallel.workflows.items import Items, ProcessItems
from tests.live.facts import gathers
from tests.live.facts.bench import Bench, begun, bench, failure_of, history_of
from tests.live.facts.by_hand import ByHand, schedule_activity
from tests.live.facts.gathers import (
    EFFECTS,
    RELEASED,
    AsksThree,
    CarriesItsData,
    CountsItsShare,
    FailsByKeyword,
    GathersPlainly,
    KeepsTheText,
    MakesMuch,
    WorksInGroups,
)

WORKFLOWS = [
    AsksThree,
    CarriesItsData,
    CountsItsShare,
    FailsByKeyword,
    GathersPlainly,
    KeepsTheText,
    MakesMuch,
    WorksInGroups,
]
ACTIVITIES: list[Callable[..., Any]] = [
    gathers.quick,
    gathers.fails,
    gathers.slow,
    gathers.passes_on,
    gathers.makes,
    gathers.adds_up,
]


@activity.defn(name="process_item")
async def refuse_negative(step: Step) -> str:
    """Refuse an item below 0."""
    if step.item < 0:
        raise ApplicationError(f"no {step.item}", type="Refused", non_retryable=True)
    return "done"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def parallel(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker for workflows with several activities."""
    async with bench(harness_environment.temporal.client, WORKFLOWS, ACTIVITIES) as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def batches(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker for the pattern's batches, with items below 0 refused."""
    client = one_in_ten_refused.scenario.application.client(harness_environment.temporal.client)
    async with bench(client, [ProcessItems], [refuse_negative]) as one:
        yield one


def tasks(history: History) -> list[str]:
    """By which workflow task each activity was asked for."""
    return [one.attributes["workflowTaskCompletedEventId"] for one in history.of_type("ActivityTaskScheduled")]


def ids(history: History, event: str) -> list[int]:
    """The numbers of the events of a type."""
    return [one.id for one in history.of_type(event)]


@pytest.mark.claims("PAR-001", "PAR-002")
@pytest.mark.parametrize(("how", "together"), [("gathered", 3), ("started", 3), ("in turn", 1), ("called", 1)])
async def test_when_activities_start(parallel: Bench, how: str, together: int) -> None:
    """Gathered or started, all at once; awaited in turn, one by one, also when all were called before."""
    handle = await parallel.start(AsksThree.run, how)
    await handle.result()

    history = await history_of(handle)
    assert len(set(tasks(history))) == 3 // together
    asked, done = ids(history, "ActivityTaskScheduled"), ids(history, "ActivityTaskCompleted")
    assert (asked[1] < done[0]) is (together == 3)


@pytest.mark.claims("PAR-003")
async def test_a_plain_gather_leaves_the_others_to_themselves(parallel: Bench) -> None:
    """The workflow fails, its other activity is neither cancelled nor awaited, and has its effect afterwards."""
    handle = await parallel.start(GathersPlainly.run)
    failure = await failure_of(handle)
    assert isinstance(failure.cause, ActivityError)
    assert isinstance(failure.cause.cause, ApplicationError)
    assert handle.id not in EFFECTS

    RELEASED.setdefault(handle.id, asyncio.Event()).set()
    async with asyncio.timeout(10):
        while handle.id not in EFFECTS:  # noqa: ASYNC110 - nothing tells that the activity has gone on
            await asyncio.sleep(0)

    history = await history_of(handle)
    assert history.events[-1].type == "WorkflowExecutionFailed"
    assert not history.of_type("ActivityTaskCancelRequested")
    assert len(tasks(history)) == 2


@pytest.mark.claims("PAR-004")
@pytest.mark.parametrize(("failing", "items"), [(1, 10), (1, 11), (2, 20)])
async def test_a_tenth_may_fail(batches: Bench, failing: int, items: int) -> None:
    """Exactly a tenth, or less."""
    batch = Items(items=[*range(-failing, 0), *range(items - failing)])
    result = await (await batches.start(ProcessItems.run, batch)).result()

    assert (len(result.failed), len(result.successful)) == (failing, items - failing)
    assert result.success_rate == 1 - failing / items


@pytest.mark.claims("PAR-004", "PAR-005")
@pytest.mark.parametrize(("failing", "items"), [(2, 10), (3, 20)])
async def test_more_than_a_tenth_may_not(batches: Bench, failing: int, items: int) -> None:
    """The failure carries the items that failed, each with its reason, in its details."""
    failure = await batches.fails(ProcessItems.run, Items(items=[*range(-failing, 0), *range(items - failing)]))

    assert isinstance(failure.cause, ApplicationError)
    assert failure.cause.type == "BatchFailed"
    assert failure.cause.details[0]["failed_items"] == [
        {"item": item, "error": f"Refused: no {item}"} for item in range(-failing, 0)
    ]


@pytest.mark.claims("PAR-005")
async def test_the_text_of_an_activity_s_failure_says_nothing(parallel: Bench) -> None:
    """Its cause does."""
    assert await (await parallel.start(KeepsTheText.run)).result() == ["Activity task failed", "Biz: no seats"]


@pytest.mark.claims("PAR-005", "PAR-007")
@pytest.mark.parametrize(
    ("run", "given", "error"),
    [(FailsByKeyword.run, [], "TypeError"), (CountsItsShare.run, [[]], "ZeroDivisionError")],
    ids=["details-by-keyword", "empty-batch"],
)
async def test_what_is_printed_fails_its_task(parallel: Bench, run: object, given: list[object], error: str) -> None:
    """And not the workflow, which is retried for ever."""
    assert callable(run)
    handle = await parallel.start(run, *given)
    await begun(handle, "WorkflowTaskFailed")

    [failed] = (await history_of(handle)).of_type("WorkflowTaskFailed")
    assert failed.attributes["cause"] == "WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE"
    assert failed.attributes["failure"]["applicationFailureInfo"]["type"] == error
    assert (await handle.describe()).status is Status.RUNNING
    await handle.terminate()


@pytest.mark.claims("PAR-009")
async def test_groups_wait_for_their_slowest(parallel: Bench) -> None:
    """A hundred batches by ten are ten groups, one after the other: with 100 s for a batch, 1,000 s and not 100."""
    handle = await parallel.start(WorksInGroups.run, 100, 10)
    await handle.result()

    history = await history_of(handle)
    asked, done = ids(history, "ActivityTaskScheduled"), ids(history, "ActivityTaskCompleted")
    assert len(set(tasks(history))) == 10
    assert all(asked[first] > max(done[:first]) for first in range(10, 100, 10))


@pytest.mark.claims("PAR-010")
@pytest.mark.parametrize("limit", [2000, 5], ids=["by-default", "lowered"])
async def test_one_activity_too_many(harness_environment: Environment, limit: int) -> None:
    """The workflow task fails as a whole, nothing is scheduled, and the workflow stays as it is."""
    server = FEW if limit == 5 else Server()
    async with harness_environment.server_for(server, name=f"parallel-{uuid4()}") as temporal:
        worker = await ByHand.begin(temporal.client)
        many = [schedule_activity(worker.name, number) for number in range(limit + 1)]
        with pytest.raises(RPCError, match=f"has reached the per-workflow limit of {limit}"):
            await worker.answer(await worker.take(), many)

        history = await history_of(worker.handle)
        [failed] = history.of_type("WorkflowTaskFailed")
        assert failed.attributes["cause"] == "WORKFLOW_TASK_FAILED_CAUSE_PENDING_ACTIVITIES_LIMIT_EXCEEDED"
        assert not tasks(history)
        assert (await worker.handle.describe()).status is Status.RUNNING
        await worker.answer(await worker.take(), many[:-1])
        assert len(tasks(await history_of(worker.handle))) == limit
        await worker.handle.terminate()


@pytest.mark.claims("MRD-002")
async def test_a_dataset_goes_through_history_twice(parallel: Bench) -> None:
    """In the workflow's argument and in those of its activities, besides their results."""
    dataset = list(range(2000))
    handle = await parallel.start(CarriesItsData.run, dataset, 100)
    assert await handle.result() == 2000

    history = await history_of(handle)
    size = len(json.dumps(dataset, separators=(",", ":")))
    given = [one for one in history.events if one.type in {"WorkflowExecutionStarted", "ActivityTaskScheduled"}]
    carried = sum(len(json.dumps(one.attributes["input"])) for one in given) * 3 / 4
    assert carried >= 2 * size
    info = (await handle.describe()).raw_description.workflow_execution_info
    assert info.history_size_bytes > 3 * size


@pytest.mark.claims("MRD-002")
@pytest.mark.parametrize("limit", [2 * 2**20, 20_000], ids=["by-default", "lowered"])
async def test_a_dataset_may_be_too_large(harness_environment: Environment, limit: int) -> None:
    """Then it is refused as the argument of a workflow."""
    server = LIMITED if limit == 20_000 else Server()
    async with harness_environment.server_for(server, name=f"parallel-{uuid4()}") as temporal:
        client, queue = temporal.client, f"nobody-{uuid4()}"
        with pytest.raises(RPCError, match="Blob data size exceeds limit"):
            await client.start_workflow(
                CarriesItsData.run, args=[[1] * (limit // 2 + 1), 100], id=queue, task_queue=queue
            )


@pytest.mark.claims("MRD-002")
async def test_all_results_must_fit_into_one_argument(harness_environment: Environment) -> None:
    """Five results that are allowed each are too much for the activity that reduces them."""
    async with (
        harness_environment.server_for(LIMITED, name=f"parallel-{uuid4()}") as temporal,
        bench(temporal.client, WORKFLOWS, ACTIVITIES) as one,
    ):
        handle = await one.start(MakesMuch.run, 5, 2200)
        await begun(handle, "WorkflowTaskFailed")

        [failed] = (await history_of(handle)).of_type("WorkflowTaskFailed")
        assert failed.attributes["cause"] == "WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE"
        assert (await handle.describe()).status is Status.RUNNING
        await handle.terminate()
