"""What many children cost, when they start, and what becomes of them when one fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.client import WorkflowExecutionStatus as Status
from temporalio.exceptions import ApplicationError, TerminatedError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import UnsandboxedWorkflowRunner
from temporalio.workflow import ParentClosePolicy

from harness import Clock, Server
from harness.environment.open import Environment
from harness.evidence.history import History
from scenarios.fan_out.few_children_allowed import FEW
from tests.live.apps.growing import Does, nothing
from tests.live.facts.bench import Bench, Handle, begun, bench, failure_of, history_of
from tests.live.facts.by_hand import ByHand, start_child
from tests.live.facts.fans import FansOut, HasOne, Hurries, Leaf, Names, RollsItsWindow, Throttles

WORKFLOWS = [Leaf, HasOne, FansOut, Throttles, RollsItsWindow, Hurries, Names, Does]

# Each of many children would have the modules imported once more.
UNSANDBOXED: dict[str, Any] = {"workflow_runner": UnsandboxedWorkflowRunner()}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fans(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker for parents and children."""
    async with bench(harness_environment.temporal.client, WORKFLOWS, [nothing], **UNSANDBOXED) as one:
        yield one


def child_of(parent: Handle, number: object, client: Client) -> Handle:
    """The handle of a child."""
    return client.get_workflow_handle(f"{parent.id}-{number}")


async def is_missing(handle: Handle) -> bool:
    """Whether there is no such workflow."""
    try:
        await handle.describe()
    except RPCError as error:
        return error.status is RPCStatusCode.NOT_FOUND
    return False


def ids(history: History, event: str) -> list[int]:
    """The numbers of the events of a type."""
    return [one.id for one in history.of_type(event)]


@pytest.mark.claims("CHW-001")
@pytest.mark.parametrize(("activities", "events"), [(1, 11), (50, 305)])
async def test_a_child_costs_its_parent_three_events(fans: Bench, activities: int, events: int) -> None:
    """Asked for, started, completed, besides two workflow tasks; however much the child itself does."""
    parent = await fans.start(HasOne.run, "Does", ["activity", activities], None)
    await parent.result()

    own = await history_of(parent)
    assert len(own.events) == 14
    assert [one.type for one in own.events if "Child" in one.type] == [
        "StartChildWorkflowExecutionInitiated",
        "ChildWorkflowExecutionStarted",
        "ChildWorkflowExecutionCompleted",
    ]
    assert len((await history_of(child_of(parent, "child", fans.client))).events) == events


@pytest.mark.claims("CHW-002")
async def test_many_children_at_once(fans: Bench) -> None:
    """Fifty, all asked for in the first workflow task, and all awaited."""
    parent = await fans.start(FansOut.run, [""] * 50, "at once")

    assert await parent.result() == 50
    asked = (await history_of(parent)).of_type("StartChildWorkflowExecutionInitiated")
    assert {one.attributes["workflowTaskCompletedEventId"] for one in asked} == {"4"}
    assert len(ids(await history_of(parent), "ChildWorkflowExecutionCompleted")) == 50


@pytest.mark.claims("CHW-003")
@pytest.mark.parametrize("limit", [2000, 5], ids=["by-default", "lowered"])
async def test_one_child_too_many(harness_environment: Environment, limit: int) -> None:
    """The workflow task fails as a whole, none of its children is started, and the workflow stays as it is."""
    server = FEW if limit == 5 else Server()
    async with harness_environment.server_for(server, name=f"fan-out-{uuid4()}") as temporal:
        worker = await ByHand.begin(temporal.client)
        many = [start_child(worker.name, number) for number in range(limit + 1)]
        with pytest.raises(RPCError, match=f"has reached the per-workflow limit of {limit}"):
            await worker.answer(await worker.take(), many)

        history = await history_of(worker.handle)
        [failed] = history.of_type("WorkflowTaskFailed")
        assert failed.attributes["cause"] == "WORKFLOW_TASK_FAILED_CAUSE_PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED"
        assert not history.of_type("StartChildWorkflowExecutionInitiated")
        assert (await worker.handle.describe()).status is Status.RUNNING
        if limit == 5:
            await worker.answer(await worker.take(), many[:-1])
            assert len(ids(await history_of(worker.handle), "StartChildWorkflowExecutionInitiated")) == 5
        await worker.handle.terminate()


@pytest.mark.claims("CHW-004")
async def test_a_child_is_tried_again_behind_its_parent_s_back(harness_environment: Environment) -> None:
    """Each attempt is a run of its own under the same id; the parent sees one start and one end."""
    async with (
        harness_environment.server_for(Server(clock=Clock.SKIPPING), name=f"fan-out-{uuid4()}") as temporal,
        bench(temporal.client, WORKFLOWS, **UNSANDBOXED) as fans,
    ):
        parent = await fans.start(HasOne.run, "Leaf", ["fail twice"], 10)
        assert await parent.result() == [3]
        own = await history_of(parent)
        [started] = own.of_type("ChildWorkflowExecutionStarted")
        assert len(own.of_type("ChildWorkflowExecutionCompleted")) == 1
        child = child_of(parent, "child", temporal.client)
        first = temporal.client.get_workflow_handle(child.id, run_id=started.attributes["workflowExecution"]["runId"])
        assert (await first.describe()).status is Status.FAILED
        [last] = (await history_of(child)).of_type("WorkflowExecutionStarted")
        assert last.attributes["attempt"] == 3
        assert last.attributes["initiator"] == "CONTINUE_AS_NEW_INITIATOR_RETRY"
        assert last.attributes["firstExecutionRunId"] == first.run_id

        given_up = await fans.start(HasOne.run, "Leaf", ["fail"], 2)
        assert await given_up.result() == ["MAXIMUM_ATTEMPTS_REACHED", "Biz: attempt 2"]
        not_tried_again = await fans.start(HasOne.run, "Leaf", ["fail"], None)
        assert await not_tried_again.result() == ["RETRY_POLICY_NOT_SET", "Biz: attempt 1"]


@pytest.mark.claims("CHW-005")
async def test_children_in_a_loop_run_one_after_the_other(fans: Bench) -> None:
    """Awaited in turn, each is asked for when the one before has completed; gathered, all are asked for at once."""
    in_turn, at_once = (
        await fans.start(FansOut.run, [""] * 3, "in turn"),
        await fans.start(FansOut.run, [""] * 3, "at once"),
    )
    await in_turn.result()
    await at_once.result()

    history = await history_of(in_turn)
    asked, done = (
        ids(history, one) for one in ("StartChildWorkflowExecutionInitiated", "ChildWorkflowExecutionCompleted")
    )
    assert sorted([*asked, *done]) == [asked[0], done[0], asked[1], done[1], asked[2], done[2]]
    history = await history_of(at_once)
    assert max(ids(history, "StartChildWorkflowExecutionInitiated")) < min(
        ids(history, "ChildWorkflowExecutionCompleted")
    )


@pytest.mark.claims("CHW-007")
@pytest.mark.parametrize("policy", [ParentClosePolicy.TERMINATE, ParentClosePolicy.ABANDON])
@pytest.mark.parametrize("how", ["return", "renew"])
async def test_a_parent_that_hurries_has_no_children(fans: Bench, policy: ParentClosePolicy, how: str) -> None:
    """They are asked for in the task that ends it, and never started, whatever the policy; nothing reports it."""
    hurried = await fans.start(Hurries.run, policy, how)
    await hurried.result()
    # What was asked for later has been started by now.
    await (await fans.start(FansOut.run, ["", ""], "at once")).result()

    first = fans.client.get_workflow_handle(hurried.id, run_id=hurried.first_execution_run_id)
    types = [one.type for one in (await history_of(first)).events]
    assert types[-3:-1] == ["StartChildWorkflowExecutionInitiated"] * 2
    assert types[-1] == ("WorkflowExecutionCompleted" if how == "return" else "WorkflowExecutionContinuedAsNew")
    assert [await is_missing(child_of(hurried, number, fans.client)) for number in range(2)] == [True, True]


@pytest.mark.claims("CHW-008")
async def test_a_child_with_a_bug_never_fails(fans: Bench) -> None:
    """A plain exception fails its workflow task, again and again, and its parent waits."""
    parent = await fans.start(FansOut.run, ["bug"], "at once")
    child = child_of(parent, 0, fans.client)
    await begun(parent, "ChildWorkflowExecutionStarted")
    await begun(child, "WorkflowTaskFailed")

    assert (await child.describe()).status is Status.RUNNING
    assert (await parent.describe()).status is Status.RUNNING
    await parent.terminate()


@pytest.mark.claims("CHW-009")
async def test_the_first_failure_ends_them_all(fans: Bench) -> None:
    """Two places, eight items, the first fails: its sibling is terminated, and none of the others ever starts."""
    hows = ["wait", "wait", *[""] * 6]
    parent = await fans.start(Throttles.run, hows, 2)
    await begun(parent, "ChildWorkflowExecutionStarted", nth=2)
    first, second, *others = (child_of(parent, number, fans.client) for number in range(8))
    await first.terminate()

    await failure_of(parent)
    assert isinstance((await failure_of(second)).cause, TerminatedError)
    [ended] = (await history_of(second)).of_type("WorkflowExecutionTerminated")
    assert ended.attributes["reason"] == "by parent close policy"
    history = await history_of(parent)
    # The third had been given the place that the first left.
    assert len(ids(history, "StartChildWorkflowExecutionInitiated")) == 3
    assert len(ids(history, "ChildWorkflowExecutionStarted")) == 2
    assert all([await is_missing(one) for one in others])


@pytest.mark.claims("CHW-011")
async def test_a_rolling_window_that_is_batches(fans: Bench) -> None:
    """Seven items by three: no item of a batch is begun before the last of the one before, and all three pause."""
    parent = await fans.start(RollsItsWindow.run, 7, 3)
    await parent.result()

    history = await history_of(parent)
    asked, done = (
        ids(history, one) for one in ("StartChildWorkflowExecutionInitiated", "ChildWorkflowExecutionCompleted")
    )
    assert asked[2] < done[0] < done[2] < asked[3]
    assert asked[5] < done[3] < done[5] < asked[6]
    assert len(history.of_type("TimerStarted")) == len(history.of_type("TimerFired")) == 3
    assert ids(history, "TimerFired")[-1] > done[-1]


@pytest.mark.claims("CHW-012")
async def test_ids_of_children_are_everybody_s(fans: Bench) -> None:
    """Open, an id is refused to whoever wants it, also to the same parent; closed, it is used again and nobody told."""
    mine = f"item-{uuid4()}"
    parent = await fans.start(Names.run, [mine, mine], "wait")
    await begun(parent, "StartChildWorkflowExecutionFailed")
    other = await fans.start(Names.run, [mine], "")
    assert await other.result() == ["WorkflowAlreadyStartedError"]

    await fans.client.get_workflow_handle(mine).signal(Leaf.end)

    assert sorted(await parent.result()) == ["WorkflowAlreadyStartedError", "int"]
    assert await (await fans.start(Names.run, [mine], "")).result() == ["int"]


@pytest.mark.claims("CHW-008", "CHW-009")
async def test_a_plain_gather_passes_the_failure_on(fans: Bench) -> None:
    """The parent fails as its child did."""
    failure = await fans.fails(FansOut.run, ["fail", "wait"], "at once")

    assert isinstance(failure.cause.__cause__, ApplicationError)
