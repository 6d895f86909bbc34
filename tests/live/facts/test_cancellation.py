"""How a request to cancel is noticed, and as what it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus as Status
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError, RetryState
from temporalio.workflow import ActivityCancellationType

from harness.environment.open import Environment
from tests.live.facts import long
from tests.live.facts.bench import Bench, Handle, begun, bench, chain, failure_of, history_of, pending

ACTIVITIES: list[Callable[..., Any]] = [
    long.beats,
    long.asks_whether_it_is_cancelled,
    long.fails_to_clean_up,
    long.passes_it_on,
    long.cancels_itself,
    long.unavailable,
    long.clean_up,
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker that sends heartbeats soon, with a timeout or without."""
    soon = timedelta(seconds=0.05)
    workflows = [long.Does, long.Limits, long.Sleeps, long.Catches, long.Cancels]
    async with bench(
        harness_environment.temporal.client,
        workflows,
        ACTIVITIES,
        max_heartbeat_throttle_interval=soon,
        default_heartbeat_throttle_interval=soon,
    ) as one:
        yield one


async def cancelled(desk: Bench, what: str, *given: object, heartbeat: float | None = 10.0) -> Handle:
    """Start an activity by its name, and cancel its workflow once it is at work."""
    handle = await desk.start(long.Does.run, what, list(given), heartbeat, 3)
    await pending(handle, lambda one: one.HasField("last_heartbeat_time"))
    await handle.cancel()
    return handle


async def events(handle: Handle) -> list[str]:
    """Return the types of a history's events about activities, without their common beginning."""
    return [
        one.type.removeprefix("ActivityTask") for one in (await history_of(handle)).events if "ActivityTask" in one.type
    ]


@pytest.mark.claims("CAN-002", "CAN-008", "CAN-004")
async def test_an_activity_that_beats_can_be_cancelled_without_a_heartbeat_timeout(desk: Bench) -> None:
    """It ends as cancelled, and so does the workflow, which its client learns from a WorkflowFailureError."""
    handle = await cancelled(desk, "beats", 20.0, heartbeat=None)

    failure = await failure_of(handle)

    assert isinstance(failure, WorkflowFailureError)
    assert not isinstance(failure, asyncio.CancelledError)
    assert [type(one) for one in chain(failure)][:2] == [WorkflowFailureError, CancelledError]
    assert (await handle.describe()).status is Status.CANCELED
    assert set(await events(handle)) == {"Scheduled", "CancelRequested", "Started", "Canceled"}


@pytest.mark.claims("CAN-001", "CAN-002")
async def test_by_default_it_is_noticed_too_late_without_a_heartbeat_timeout(harness_environment: Environment) -> None:
    """Since the second heartbeat is sent after 30 s, what takes a second is done by then, and has succeeded."""
    async with bench(harness_environment.temporal.client, [long.Does], [long.beats]) as plain:
        handle = await cancelled(plain, "beats", 1.0, heartbeat=None)

        assert await handle.result() == "done"

    assert set(await events(handle)) == {"Scheduled", "CancelRequested", "Started", "Completed"}


@pytest.mark.claims("CAN-003", "CAN-004")
async def test_an_async_activity_is_told_and_need_not_ask(desk: Bench) -> None:
    """It gets a CancelledError where it waits; swallowed, it counts as completed, and the workflow gets its value."""
    handle = await cancelled(desk, "asks_whether_it_is_cancelled")

    assert await handle.result() == "it was told"
    assert set(await events(handle)) == {"Scheduled", "CancelRequested", "Started", "Completed"}


@pytest.mark.claims("CAN-004")
async def test_a_cleanup_that_fails_is_a_failure_without_another_attempt(desk: Bench) -> None:
    """Although there would have been two more."""
    handle = await cancelled(desk, "fails_to_clean_up")

    failure = (await failure_of(handle)).cause

    assert isinstance(failure, ActivityError)
    assert failure.retry_state is RetryState.CANCEL_REQUESTED
    assert isinstance(failure.cause, ApplicationError)
    assert failure.cause.type == "CleanupFailed"
    [started] = (await history_of(handle)).of_type("ActivityTaskStarted")
    assert started.attributes["attempt"] == 1


@pytest.mark.claims("CAN-011")
async def test_a_cancellation_that_nobody_asked_for_is_an_ordinary_failure(desk: Bench) -> None:
    """It is tried again like any other."""
    handle = await desk.start(long.Does.run, "cancels_itself", [], None, 2)

    failure = (await failure_of(handle)).cause

    assert isinstance(failure, ActivityError)
    assert failure.retry_state is RetryState.MAXIMUM_ATTEMPTS_REACHED
    assert isinstance(failure.cause, ApplicationError)
    assert failure.cause.type == "CancelledError"
    [started] = (await history_of(handle)).of_type("ActivityTaskStarted")
    assert started.attributes["attempt"] == 2


@pytest.mark.claims("CAN-007")
async def test_wait_for_passes_on_the_error_of_what_it_cancels(desk: Bench) -> None:
    """And no TimeoutError, so that the workflow fails that meant to handle one."""
    handle = await desk.start(long.Limits.run, "wait_for")

    failure = (await failure_of(handle)).cause

    assert [type(one) for one in chain(failure)] == [ActivityError, CancelledError]
    assert (await handle.describe()).status is Status.FAILED


@pytest.mark.claims("CAN-006", "CAN-007")
@pytest.mark.parametrize("way", ["wait", "shield"])
async def test_waiting_and_then_cancelling_works(desk: Bench, way: str) -> None:
    """The handle raises an ActivityError with a cancellation behind it, and no asyncio.CancelledError."""
    assert not issubclass(CancelledError, asyncio.CancelledError)

    assert await (await desk.start(long.Limits.run, way)).result() == "ActivityError True False"


@pytest.mark.claims("CAN-005")
@pytest.mark.parametrize(
    ("kind", "recorded"),
    [
        (None, ["Scheduled", "CancelRequested"]),
        (ActivityCancellationType.TRY_CANCEL, ["Scheduled", "CancelRequested"]),
        (ActivityCancellationType.ABANDON, ["Scheduled"]),
        (
            ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            ["Scheduled", "CancelRequested", "Started", "Canceled"],
        ),
    ],
)
async def test_who_waits_for_a_cancelled_activity(
    desk: Bench, kind: ActivityCancellationType | None, recorded: list[str]
) -> None:
    """Nobody by default: the handle raises before the activity has heard of it, and the workflow may end."""
    handle = await desk.start(long.Cancels.run, kind)
    await pending(handle, lambda one: one.HasField("last_heartbeat_time"))
    await handle.signal(long.Cancels.at_work)

    assert await handle.result() is True
    assert sorted(await events(handle)) == sorted(recorded)


@pytest.mark.claims("CAN-009")
async def test_a_cancellation_at_a_timer_is_no_exception(desk: Bench) -> None:
    """`except Exception` does not catch it, and the workflow ends as cancelled."""
    handle = await desk.start(long.Sleeps.run)
    await begun(handle, "TimerStarted")
    await handle.cancel()

    await failure_of(handle)

    assert (await handle.describe()).status is Status.CANCELED


@pytest.mark.claims("CAN-009", "CAN-010")
@pytest.mark.parametrize(("cleans_up", "status"), [(False, Status.COMPLETED), (True, Status.CANCELED)])
async def test_a_cancellation_at_an_activity_can_be_caught(desk: Bench, *, cleans_up: bool, status: Status) -> None:
    """At once, also while its next attempt is waited for; caught and not raised again, the workflow completes."""
    handle = await desk.start(long.Catches.run, cleans_up)
    await pending(handle, lambda one: one.attempt == 2)
    await handle.cancel()

    if cleans_up:
        await failure_of(handle)
    else:
        assert await handle.result() == "caught"

    assert (await handle.describe()).status is status
    history = await history_of(handle)
    assert [one.attributes["attempt"] for one in history.of_type("ActivityTaskStarted")] == [1] * cleans_up
    [asked] = history.of_type("WorkflowExecutionCancelRequested")
    assert history.events[-1].at - asked.at < timedelta(seconds=10)
