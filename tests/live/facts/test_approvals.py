"""Which decisions count, of those that come early, late, and together, and what is known of a request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from harness.environment.open import Environment
from scenarios.approval.activities import Purchase
from scenarios.approval.workflow import ONE, Approve, Decision, Request, Settled, Standing
from tests.live.apps.approvals import ApprovesAsPrinted, ChainAsPrinted, ask, check, pay
from tests.live.facts.bench import Bench, Handle, begun, bench, history_of

WORKFLOWS = [Approve, ApprovesAsPrinted, ChainAsPrinted]

HOUSE = Request(purchase=Purchase(id="p1", what="a house", cents=1_000_000_00))
CHAIR = Request(purchase=Purchase(id="p1", what="a chair", cents=1), chain=ONE)
YES = Decision(level="manager", by="Ada", approved=True)
NO = Decision(level="manager", by="Bob", approved=False, reason="too dear")

SHORTLY = timedelta(seconds=1)


@asynccontextmanager
async def office(environment: Environment, queue: str = "") -> AsyncIterator[Bench]:
    """Have a worker at work; by the name of its queue, another after it."""
    config = environment.temporal.client.config() | {"data_converter": pydantic_data_converter}
    client = Client(**config)
    # Without a cache no task waits for a worker that has gone home.
    async with bench(client, WORKFLOWS, [check, ask, pay], queue=queue, max_cached_workflows=0) as one:
        yield one


@asynccontextmanager
async def meanwhile(environment: Environment, run: Any, *given: Any) -> AsyncIterator[tuple[Bench, Handle]]:
    """A workflow that waits for decisions, and whose worker has gone home: what comes now comes in one task."""
    async with office(environment) as one:
        handle = await one.start(run, *given)
        await begun(handle, "TimerStarted")
    yield one, handle


def together(events: Sequence[str]) -> int:
    """How many signals came one after the other before a task began."""
    text = "".join(
        "s" if one == "WorkflowExecutionSignaled" else "." for one in events if one != "WorkflowTaskScheduled"
    )
    return max(map(len, text.split(".")))


async def types_of(handle: Handle) -> list[str]:
    """The types of a history's events."""
    return [event.type for event in (await history_of(handle)).events]


async def refused(handle: Handle, decision: Decision) -> str | None:
    """Return why a decision does not count."""
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await handle.execute_update(Approve.decide, decision)
    assert isinstance(caught.value.cause, ApplicationError)
    return caught.value.cause.type


@pytest.mark.claims("APR-003")
async def test_as_printed_an_empty_reason_approves(harness_environment: Environment) -> None:
    """The wait is over, the purchase is made, and the query says that it was rejected."""
    async with office(harness_environment) as one:
        handle = await one.start(ApprovesAsPrinted.run)
        await handle.signal(ApprovesAsPrinted.reject, "")

        assert await handle.result() == "approved"
        assert await handle.query(ApprovesAsPrinted.status) == {"approved": False, "rejected": True, "waiting": True}


@pytest.mark.claims("APR-006")
@pytest.mark.parametrize("order", ["approve reject", "reject approve"])
async def test_as_printed_a_rejection_wins(harness_environment: Environment, order: str) -> None:
    """Whichever came first, where both come in one task; it is then approved and rejected."""
    async with meanwhile(harness_environment, ApprovesAsPrinted.run) as (one, handle):
        for decision in order.split():
            await handle.signal(decision, args=["too dear"] if decision == "reject" else [])
    async with office(harness_environment, one.queue):
        assert await handle.result() == "rejected"
        standing = await handle.query(ApprovesAsPrinted.status)

    assert (standing["approved"], standing["rejected"]) == (True, True)
    assert together(await types_of(handle)) == 2


@pytest.mark.claims("APR-006")
@pytest.mark.parametrize("first", [YES, NO], ids=lambda one: one.by)
async def test_the_first_decision_counts(harness_environment: Environment, first: Decision) -> None:
    """Also where both come in one task."""
    async with meanwhile(harness_environment, Approve.run, CHAIR) as (one, handle):
        for decision in (first, NO if first is YES else YES):
            await handle.signal(Approve.tell, decision)
    async with office(harness_environment, one.queue):
        settled: Settled = await handle.result()

    assert settled.status == ("approved" if first is YES else "rejected")
    assert together(await types_of(handle)) == 2


@pytest.mark.claims("APR-005")
async def test_a_request_can_be_asked_how_it_stands(harness_environment: Environment) -> None:
    """While it waits, and when it is over; but somebody must be there to answer."""
    async with meanwhile(harness_environment, Approve.run, CHAIR) as (one, handle):
        with pytest.raises(RPCError) as nobody:
            await handle.query(Approve.standing, rpc_timeout=SHORTLY)
    async with office(harness_environment, one.queue):
        waiting = await handle.query(Approve.standing)
        await handle.execute_update(Approve.decide, NO)
        await handle.result()
        over: Standing = await handle.query(Approve.standing)

    assert nobody.value.status in {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}
    assert (waiting.waiting_for, waiting.decisions) == ("manager", {})
    assert (over.waiting_for, over.decisions["manager"].approved) == (None, False)
    assert over.decisions["manager"].reason == "too dear"


@pytest.mark.claims("APR-007", "APC-005")
async def test_a_decision_may_come_as_early_as_the_start_and_not_after_the_end(
    harness_environment: Environment,
) -> None:
    """It then waits for nobody; what comes when it is over is refused by the server."""
    async with office(harness_environment) as one:
        handle = await one.start(Approve.run, CHAIR, start_signal="tell", start_signal_args=[YES])
        settled: Settled = await handle.result()
        late = []
        for send in (handle.signal(Approve.tell, NO), handle.execute_update(Approve.decide, NO)):
            with pytest.raises(RPCError, match="workflow execution already completed") as refusal:
                await send
            late.append(refusal.value.status)
        types = await types_of(handle)

    assert settled.status == "approved"
    assert "TimerStarted" not in types
    assert types.count("ActivityTaskScheduled") == 2  # checked and paid
    assert late == [RPCStatusCode.NOT_FOUND] * 2


@pytest.mark.claims("APC-001")
@pytest.mark.parametrize(
    ("cents", "levels"),
    [
        (-1, 1),
        (0, 1),
        (9_999_99, 1),
        (10_000_00, 2),
        (99_999_99, 2),
        (100_000_00, 3),
        (999_999_99, 3),
        (1_000_000_00, 4),
    ],
)
def test_the_amount_says_who_is_asked(cents: int, levels: int) -> None:
    """From a limit on, the limit included."""
    request = replace(HOUSE, purchase=replace(HOUSE.purchase, cents=cents))

    assert [one.name for one in request.levels] == ["manager", "director", "vp", "ceo"][:levels]


@pytest.mark.claims("APC-003")
async def test_whoever_decides_in_vain_is_told_why(harness_environment: Environment) -> None:
    """An update that does not count is refused, and stands nowhere; a signal that does not count is counted."""
    async with office(harness_environment) as one:
        handle = await one.start(Approve.run, HOUSE)
        await begun(handle, "TimerStarted")
        reasons = [
            await refused(handle, replace(YES, level="treasurer")),
            await refused(handle, replace(NO, level="director")),
            await refused(handle, replace(NO, reason="x" * 4001)),
        ]
        await handle.signal(Approve.tell, replace(NO, level="director"))
        await handle.execute_update(Approve.decide, YES)
        reasons.append(await refused(handle, NO))
        standing = await handle.query(Approve.standing)
        types = await types_of(handle)
        await handle.terminate()

    assert reasons == ["NoSuchLevel", "NotYourTurn", "TooLong", "DecidedAlready"]
    assert (standing.waiting_for, list(standing.decisions), standing.ignored) == ("director", ["manager"], 1)
    assert types.count("WorkflowExecutionUpdateAccepted") == 1


@pytest.mark.claims("APC-004")
async def test_as_printed_the_second_of_two_is_lost(harness_environment: Environment) -> None:
    """Where both come in one task, the second meets the level of the first."""
    async with meanwhile(harness_environment, ChainAsPrinted.run, ["manager", "director"]) as (one, handle):
        for level in ("manager", "director"):
            await handle.signal(ChainAsPrinted.approve_step, level)
    async with office(harness_environment, one.queue):
        await begun(handle, "TimerStarted", nth=2)
        missing = await handle.query(ChainAsPrinted.pending)
        await handle.terminate()

    assert missing == ["director"]
    assert together(await types_of(handle)) == 2


@pytest.mark.claims("APC-004")
async def test_two_levels_may_decide_in_one_task(harness_environment: Environment) -> None:
    """Where the turn is told from the decisions, both count."""
    two = replace(HOUSE, purchase=replace(HOUSE.purchase, cents=10_000_00))
    async with meanwhile(harness_environment, Approve.run, two) as (one, handle):
        for level in ("manager", "director"):
            await handle.signal(Approve.tell, replace(YES, level=level))
    async with office(harness_environment, one.queue):
        settled: Settled = await handle.result()

    assert list(settled.decisions) == ["manager", "director"]
    assert together(await types_of(handle)) == 2


@pytest.mark.claims("APC-005")
async def test_as_printed_a_signal_at_the_start_blocks_the_chain(harness_environment: Environment) -> None:
    """It meets a chain that has not been built, and its task fails again and again."""
    async with office(harness_environment) as one:
        handle = await one.start(
            ChainAsPrinted.run, ["manager"], start_signal="approve_step", start_signal_args=["manager"]
        )
        await begun(handle, "WorkflowTaskFailed")
        [failed, *_] = (await history_of(handle)).of_type("WorkflowTaskFailed")
        await handle.terminate()

    assert failed.attributes["failure"]["applicationFailureInfo"]["type"] == "IndexError"
    assert failed.attributes["cause"] == "WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE"
