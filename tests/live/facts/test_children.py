"""What becomes of children when their parent ends, and of parents when a child does."""

from __future__ import annotations

import asyncio
import importlib
import inspect
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio import common, exceptions, workflow
from temporalio.client import WorkflowExecutionStatus as Status
from temporalio.exceptions import CancelledError, TerminatedError
from temporalio.workflow import ParentClosePolicy

from harness.environment.open import Environment
from tests.live.facts.bench import Bench, Handle, begun, bench, failure_of, history_of
from tests.live.facts.family import Asks, Child, Parent, clean_up, refuse

ENDS = {
    "complete": Status.COMPLETED,
    "fail": Status.FAILED,
    "cancel": Status.CANCELED,
    "terminate": Status.TERMINATED,
    "renew": Status.CONTINUED_AS_NEW,
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def family(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker for parents and children."""
    async with bench(harness_environment.temporal.client, [Parent, Child, Asks], [refuse, clean_up]) as one:
        yield one


async def with_child(
    family: Bench, policy: ParentClosePolicy | None, how: str, **options: Any
) -> tuple[Handle, Handle]:
    """Start a parent, and return its first run and its child once the parent knows that it has one.

    A cancellation that meets the parent in the task in which it hears of its child's start ends the parent at once, and
    the server then drops the parent's request to cancel the child.
    """
    started = await family.start(Parent.run, policy, how, **options)
    parent = family.client.get_workflow_handle(started.id, run_id=started.first_execution_run_id)
    child = family.client.get_workflow_handle(f"{parent.id}-child")
    await begun(parent, "WorkflowTaskCompleted", nth=2)
    return parent, child


async def end(parent: Handle, how: str) -> None:
    """Have the parent end in this way."""
    if how == "terminate":
        await parent.terminate()
    elif how == "cancel":
        await parent.cancel()
    else:
        await parent.signal(Parent.end)
    if how in {"complete", "renew"}:
        await parent.result()
    else:
        await failure_of(parent)
    assert (await parent.describe()).status is ENDS[how]


@pytest.mark.claims("CHD-004", "PCP-001", "PCP-002", "PCP-004")
@pytest.mark.parametrize("how", ENDS)
async def test_terminate_is_the_default(family: Bench, how: str) -> None:
    """Without a policy the child is terminated with its parent, however that ends, and is not asked."""
    parent, child = await with_child(family, None, how)

    await end(parent, how)

    assert isinstance((await failure_of(child)).cause, TerminatedError)
    [ended] = (await history_of(child)).of_type("WorkflowExecutionTerminated")
    assert ended.attributes["reason"] == "by parent close policy"
    assert ended.attributes["identity"] == "history-service"
    [started] = (await history_of(parent)).of_type("StartChildWorkflowExecutionInitiated")
    assert started.attributes["parentClosePolicy"] == "PARENT_CLOSE_POLICY_TERMINATE"
    assert not (await history_of(child)).of_type("ActivityTaskScheduled")


@pytest.mark.claims("CHD-005", "PCP-003", "PCP-004")
@pytest.mark.parametrize("how", ENDS)
async def test_request_cancel_lets_the_child_clean_up(family: Bench, how: str) -> None:
    """It runs its cleanup, and ends as cancelled."""
    parent, child = await with_child(family, ParentClosePolicy.REQUEST_CANCEL, how)

    await end(parent, how)

    assert isinstance((await failure_of(child)).cause, CancelledError)
    assert len((await history_of(child)).of_type("ActivityTaskCompleted")) == 1


@pytest.mark.claims("CHD-006", "PCP-003", "PCP-004")
@pytest.mark.parametrize("how", ENDS)
async def test_abandon_lets_the_child_go_on(family: Bench, how: str) -> None:
    """It can still be told to finish, and then completes."""
    parent, child = await with_child(family, ParentClosePolicy.ABANDON, how)

    await end(parent, how)
    await child.signal(Child.finish)

    await child.result()
    assert not (await history_of(child)).of_type("WorkflowExecutionCancelRequested")


@pytest.mark.claims("PCP-002", "PCP-003", "PCP-004")
async def test_a_run_timeout_is_an_end_like_the_others(family: Bench) -> None:
    """Each child meets what its policy says, when the time of its parent's run is over."""
    policies = [None, ParentClosePolicy.REQUEST_CANCEL, ParentClosePolicy.ABANDON]
    families = await asyncio.gather(
        *(with_child(family, policy, "time", run_timeout=timedelta(seconds=2)) for policy in policies)
    )

    for parent, _ in families:
        assert isinstance((await failure_of(parent)).cause, exceptions.TimeoutError)
    terminated, cancelled, abandoned = (child for _, child in families)
    assert isinstance((await failure_of(terminated)).cause, TerminatedError)
    assert isinstance((await failure_of(cancelled)).cause, CancelledError)
    await abandoned.signal(Child.finish)
    await abandoned.result()


@pytest.mark.claims("PCP-001")
async def test_unspecified_is_terminate_too(family: Bench) -> None:
    """The signature says so, and the server records it for a policy that is none."""
    default = inspect.signature(workflow.start_child_workflow).parameters["parent_close_policy"].default
    parent, child = await with_child(family, ParentClosePolicy.UNSPECIFIED, "complete")

    await end(parent, "complete")

    assert default is ParentClosePolicy.TERMINATE
    [started] = (await history_of(parent)).of_type("StartChildWorkflowExecutionInitiated")
    assert started.attributes["parentClosePolicy"] == "PARENT_CLOSE_POLICY_TERMINATE"
    assert isinstance((await failure_of(child)).cause, TerminatedError)


@pytest.mark.claims("CHD-006", "PCP-004")
async def test_abandon_or_not_a_cancelled_parent_that_awaits_its_child_cancels_it(family: Bench) -> None:
    """The policy is for a parent that closes; one that awaits passes the request on first."""
    parent, child = await with_child(family, ParentClosePolicy.ABANDON, "await")

    await parent.cancel()

    assert isinstance((await failure_of(parent)).cause, CancelledError)
    assert isinstance((await failure_of(child)).cause, CancelledError)
    assert len((await history_of(parent)).of_type("ChildWorkflowExecutionCanceled")) == 1


@pytest.mark.claims("CHD-001")
async def test_a_failing_child_is_told_down_to_the_first_failure(family: Bench) -> None:
    """The outer failures say nothing of the reason; the last one is what the activity raised."""
    told = await (await family.start(Asks.run, "fail", None)).result()

    assert told == [
        ["ChildWorkflowError", "RETRY_POLICY_NOT_SET", "Child Workflow execution failed"],
        ["ActivityError", "NON_RETRYABLE_FAILURE", "Activity task failed"],
        ["ApplicationError", "Biz", "Biz: nope"],
    ]


@pytest.mark.claims("CHD-007")
@pytest.mark.parametrize(
    ("how", "cause", "event"),
    [
        ("time", ["TimeoutError", "START_TO_CLOSE"], "ChildWorkflowExecutionTimedOut"),
        ("terminate", ["TerminatedError", ""], "ChildWorkflowExecutionTerminated"),
        ("cancel", ["CancelledError", ""], "ChildWorkflowExecutionCanceled"),
    ],
)
async def test_other_ends_of_a_child_are_child_workflow_errors_too(
    family: Bench, how: str, cause: list[str], event: str
) -> None:
    """Timed out, terminated or cancelled: the cause tells which."""
    parent = await family.start(Asks.run, "wait", 0.3 if how == "time" else None)
    child = family.client.get_workflow_handle(f"{parent.id}-child")
    await begun(parent, "ChildWorkflowExecutionStarted")

    if how == "terminate":
        await child.terminate()
    elif how == "cancel":
        await child.cancel()

    told = await parent.result()
    assert told[0][0] == "ChildWorkflowError"
    assert told[1][:2] == cause
    assert len(told) == 2
    assert len((await history_of(parent)).of_type(event)) == 1


@pytest.mark.claims("CHD-003", "PCP-001")
def test_the_policy_lives_in_the_workflow_module() -> None:
    """And not in the one that guides import it from."""
    assert not hasattr(common, "ParentClosePolicy")
    assert importlib.import_module("temporalio.workflow").ParentClosePolicy is ParentClosePolicy
    with pytest.raises(ImportError):
        exec("from temporalio.common import ParentClosePolicy")  # noqa: S102 - as it is printed
