"""What leaves an activity arrives as something else, and what leaves a workflow ends it, or does not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.client import WorkflowExecutionStatus
from temporalio.common import RetryPolicy

from tests.live.facts.conftest import Facts, failure_of, first
from tests.live.facts.errors_app import BEGUN, Catch, LetEscape, Plan, Raise, RaiseListed, Said, part

CONVERTED = {
    "value": {"type": "ValueError", "message": "Invalid data: x", "text": "ValueError: Invalid data: x"},
    "mine": {"type": "MineError", "message": "('mine', 42)"},
    "exit": {"type": "SystemExit", "message": "3"},
}
TEMPORALS_OWN = ["cancelled", "timeout", "server", "activity"]


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def _ahead(facts: Facts) -> None:
    facts.begin(*(Plan(what=what, start_to_close=0.5) for what in TEMPORALS_OWN))


@pytest.mark.claims("ERR-001", "ERR-002")
@pytest.mark.parametrize(("what", "arrives"), CONVERTED.items(), ids=CONVERTED)
async def test_a_plain_exception_arrives_as_an_application_error(facts: Facts, what: str, arrives: Said) -> None:
    """Behind an ActivityError, under the bare name of its class, with its text; the workflow completes all the same."""
    caught = await facts.caught(Plan(what=what))

    assert caught.kinds == ["ActivityError", "ApplicationError"]
    arrives = {**arrives, "details": [], "non_retryable": False}
    assert part(caught.chain[1], arrives) == arrives
    assert (await caught.handle.describe()).status is WorkflowExecutionStatus.COMPLETED


@pytest.mark.claims("ERR-003")
@pytest.mark.parametrize("what", TEMPORALS_OWN)
async def test_a_failure_of_temporal_s_own_does_not_arrive(facts: Facts, what: str) -> None:
    """The server refuses it, and the attempt looks like one that hangs until its time is over."""
    caught = await facts.caught(Plan(what=what, start_to_close=0.5))

    await asyncio.wait_for(BEGUN[caught.handle.id].wait(), timeout=30)
    assert caught.kinds == ["ActivityError", "TimeoutError"]
    assert caught.chain[1]["type"] == "START_TO_CLOSE"


@pytest.mark.claims("ERR-004")
async def test_an_activity_error_that_nobody_catches_is_the_workflow_s_failure(facts: Facts) -> None:
    """Nothing wraps it."""
    chain = await facts.failed(LetEscape.run, Plan(what="value"))

    assert [one["kind"] for one in chain] == ["WorkflowFailureError", "ActivityError", "ApplicationError"]
    assert chain[1]["text"] == "Activity task failed"
    assert chain[2]["type"] == "ValueError"


@pytest.mark.claims("ERR-010")
async def test_while_it_is_tried_again_only_describe_tells(facts: Facts) -> None:
    """Of the attempt that failed, there is no event: the history ends with the schedule."""
    handle = await facts.start(Catch.run, Plan(what="value", attempts=0, first_wait=30))

    waiting = await facts.pending(handle, attempt=2)

    history = await handle.fetch_history()
    await handle.terminate()
    assert waiting.last_failure.application_failure_info.type == "ValueError"
    assert waiting.last_failure.message == "Invalid data: x"
    assert waiting.last_failure.stack_trace
    assert waiting.current_retry_interval.seconds == 30
    assert history.events[-1].event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED


@pytest.mark.claims("ERR-010")
@pytest.mark.parametrize("what", ["large once", "value"])
async def test_an_earlier_failure_that_is_large_is_cut(facts: Facts, what: str) -> None:
    """From some 4 kB on, stack traces and causes included, it is put behind one of the server's, and shortened."""
    handle = await facts.start(Catch.run, Plan(what=what, attempts=2))

    started = await first(handle, EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED)

    before = started.last_failure
    assert started.attempt == 2
    if what == "value":
        assert before.application_failure_info.type == "ValueError"
    else:
        assert before.message == "Failure exceeds size limit."
        assert before.HasField("server_failure_info")
        assert before.cause.application_failure_info.type == "ValueError"
        assert len(before.cause.message) < 5_000


ENDS = {
    "biz": {"kind": "ApplicationError", "type": "Biz", "message": "boom", "details": [{"x": 1}]},
    "activity": {"kind": "ActivityError"},
    "child": {"kind": "ChildWorkflowError"},
    "server": {"kind": "ServerError"},
    "terminated": {"kind": "TerminatedError"},
    "timeout": {"kind": "TimeoutError"},
    "cancelled": {"kind": "CancelledError"},
    "wait in vain": {"kind": "ApplicationError", "type": "TimeoutError"},
    "plain timeout": {"kind": "ApplicationError", "type": "TimeoutError"},
    "plain cancelled": {"kind": "CancelledError"},
}


@pytest.mark.claims("ERR-005")
@pytest.mark.parametrize(("what", "failure"), ENDS.items(), ids=ENDS)
async def test_more_than_an_application_error_fails_a_workflow(facts: Facts, what: str, failure: Said) -> None:
    """Every failure of Temporal's, and asyncio's time-out and cancellation."""
    handle = await facts.start(Raise.run, what)

    chain = await failure_of(handle)

    assert (await handle.describe()).status is WorkflowExecutionStatus.FAILED
    assert part(chain[1], failure) == failure


@pytest.mark.claims("ERR-005")
async def test_an_exception_that_is_listed_fails_a_workflow(facts: Facts, lenient: Facts) -> None:
    """By the workflow, or by its worker."""
    by_workflow, by_worker = await asyncio.gather(facts.failed(RaiseListed.run), lenient.failed(Raise.run, "name"))

    assert by_workflow[1]["type"] == "KeyError"
    assert by_worker[1]["type"] == "NameError"


BLOCKS = {
    "name": "NameError",
    "type": "TypeError",
    "value": "ValueError",
    "attribute": "AttributeError",
    "assertion": "AssertionError",
    "runtime": "RuntimeError",
    "details by keyword": "TypeError",
}


@pytest.mark.parametrize(
    ("what", "type_"),
    [
        pytest.param(what, type_, id=what, marks=pytest.mark.claims("ERR-006", "EXC-002"))
        if what == "details by keyword"
        else pytest.param(what, type_, id=what, marks=pytest.mark.claims("ERR-006"))
        for what, type_ in BLOCKS.items()
    ],
)
async def test_any_other_exception_blocks_a_workflow(facts: Facts, what: str, type_: str) -> None:
    """Its task fails, it stays open, and the task is tried again."""
    handle = await facts.start(Raise.run, what)

    failed = await first(handle, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)

    described = await handle.describe()
    await handle.terminate()
    unhandled = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE
    assert failed.cause == unhandled
    assert failed.failure.application_failure_info.type == type_
    assert described.status is WorkflowExecutionStatus.RUNNING
    assert described.raw_description.pending_workflow_task.attempt >= 2


@pytest.mark.claims("ERR-007")
async def test_a_blocked_task_is_tried_again_in_silence(facts: Facts) -> None:
    """One failure is reported, the next ones run into the task timeout; the workflow's own policy is not asked."""
    policy = RetryPolicy(maximum_attempts=3)
    handle = await facts.start(Raise.run, "value", task_timeout=timedelta(seconds=1), retry_policy=policy)

    pending = await facts.stuck(handle, attempt=3)

    described = await facts.client.get_workflow_handle(handle.id).describe()
    types = [one.event_type for one in (await handle.fetch_history()).events]
    await handle.terminate()
    assert pending.attempt >= 3
    assert types.count(EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED) == 1
    assert described.status is WorkflowExecutionStatus.RUNNING
    assert described.run_id == handle.first_execution_run_id
