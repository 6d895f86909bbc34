"""What leaves an activity arrives as something else, and what leaves a workflow ends it, or does not."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.client import WorkflowExecutionStatus

from tests.live.facts.conftest import Facts, failure_of, first
from tests.live.facts.errors_app import LetEscape, Plan, Raise, RaiseListed, Said, part

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

    assert caught.calls == 1
    assert caught.kinds == ["ActivityError", "TimeoutError"]
    assert caught.chain[1]["type"] == "START_TO_CLOSE"


@pytest.mark.claims("ERR-004")
async def test_an_activity_error_that_nobody_catches_is_the_workflow_s_failure(facts: Facts) -> None:
    """Nothing wraps it."""
    chain = await facts.failed(LetEscape.run, Plan(what="value"))

    assert [one["kind"] for one in chain] == ["WorkflowFailureError", "ActivityError", "ApplicationError"]
    assert chain[1]["text"] == "Activity task failed"
    assert chain[2]["type"] == "ValueError"


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
