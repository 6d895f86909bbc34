"""What holds where nothing is said: of activities, of workflows and of children."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType, RetryState
from temporalio.client import WorkflowHandle
from temporalio.common import RetryPolicy

from tests.live.facts.conftest import Facts, failure_of, first
from tests.live.facts.errors_app import Catch, Plan, Raise

ONCE_MORE = RetryPolicy(maximum_attempts=2)


@pytest.mark.claims("DEF-001")
@pytest.mark.parametrize(("first_wait", "longest"), [(1, 100), (2, 200), (0.2, 20)])
async def test_the_longest_wait_is_a_hundred_times_the_first(facts: Facts, first_wait: float, longest: float) -> None:
    """Not 100 s; what else is not said is filled in as well."""
    handle = await facts.start(Catch.run, Plan(what="nothing", attempts=0, first_wait=first_wait))

    scheduled = await first(handle, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)

    policy = scheduled.retry_policy
    await handle.result()
    assert policy.initial_interval.ToTimedelta() == timedelta(seconds=first_wait)
    assert policy.maximum_interval.ToTimedelta() == timedelta(seconds=longest)
    assert (policy.backoff_coefficient, policy.maximum_attempts) == (2.0, 0)


@pytest.mark.claims("DEF-002")
async def test_without_a_limit_a_marked_failure_ends_it_all_the_same(facts: Facts) -> None:
    """After the first attempt."""
    caught = await facts.caught(Plan(what="final", attempts=0))

    assert (caught.calls, caught.chain[0]["retry_state"]) == (1, "NON_RETRYABLE_FAILURE")


@pytest.mark.claims("DEF-003")
async def test_a_workflow_without_a_policy_fails_for_good(facts: Facts) -> None:
    """One run, and none to follow."""
    handle = await facts.start(Raise.run, "typed")

    failed = await first(handle, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED)

    assert failed.retry_state == RetryState.RETRY_STATE_RETRY_POLICY_NOT_SET
    assert not failed.new_execution_run_id


@pytest.mark.claims("DEF-003", "DEF-005")
@pytest.mark.parametrize(
    ("what", "policy"),
    [("final", ONCE_MORE), ("typed", RetryPolicy(maximum_attempts=2, non_retryable_error_types=["T"]))],
    ids=["marked", "listed"],
)
async def test_a_marked_failure_of_the_workflow_itself_is_final(facts: Facts, what: str, policy: RetryPolicy) -> None:
    """As with activities: by its mark, or by the policy's list."""
    handle = await facts.start(Raise.run, what, retry_policy=policy)

    failed = await first(handle, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED)

    assert failed.retry_state == RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE
    assert not failed.new_execution_run_id


@pytest.mark.claims("DEF-003", "DEF-004")
async def test_executing_returns_the_result_and_starting_a_handle(facts: Facts) -> None:
    """Both follow the runs to the last; the first run's own end says which run comes next."""
    executed, handle = await asyncio.gather(
        facts.client.execute_workflow(
            Raise.run,
            "fail once",
            id=f"{facts.queue}-executed",
            task_queue=facts.queue,
            retry_policy=ONCE_MORE,
        ),
        facts.start(Raise.run, "fail once", retry_policy=ONCE_MORE),
    )

    result = await handle.result()

    first_run = facts.client.get_workflow_handle(handle.id, run_id=handle.first_execution_run_id)
    failed = await first(first_run, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED)
    last = await handle.describe()
    assert isinstance(handle, WorkflowHandle)
    assert executed == result == "ok2"
    assert failed.retry_state == RetryState.RETRY_STATE_IN_PROGRESS
    assert failed.new_execution_run_id == last.run_id


@pytest.mark.claims("DEF-004")
async def test_a_client_sees_the_failure_of_the_last_run(facts: Facts) -> None:
    """And not that of the first, which has the same text."""
    handle = await facts.start(Raise.run, "biz", retry_policy=ONCE_MORE)

    chain = await failure_of(handle)

    last = await facts.client.get_workflow_handle(handle.id).describe()
    assert [one["kind"] for one in chain] == ["WorkflowFailureError", "ApplicationError"]
    assert last.run_id != handle.first_execution_run_id
