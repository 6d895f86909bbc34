"""Limits that are mandatory, and how those of a workflow look to its client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus as Status
from temporalio.exceptions import TimeoutError as TimedOut
from temporalio.exceptions import TimeoutType

from harness.environment.open import Environment
from tests.live.facts import long, unlimited
from tests.live.facts.bench import Bench, begun, bench, failure_of, history_of


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker for all of them."""
    async with bench(harness_environment.temporal.client, [long.Sleeps, unlimited.Unlimited], [long.clean_up]) as one:
        yield one


@pytest.mark.claims("TMO-006")
async def test_an_activity_without_any_limit_stands_still(desk: Bench) -> None:
    """A ValueError in the workflow's code, which ends nothing."""
    handle = await desk.start(unlimited.Unlimited.run)
    await begun(handle, "WorkflowTaskFailed")

    assert (await handle.describe()).status is Status.RUNNING
    [failed, *_] = (await history_of(handle)).of_type("WorkflowTaskFailed")
    await handle.terminate()
    assert "must have start_to_close_timeout or schedule_to_close_timeout" in failed.attributes["failure"]["message"]
    assert failed.attributes["failure"]["applicationFailureInfo"]["type"] == "ValueError"


@pytest.mark.claims("TMO-009")
@pytest.mark.parametrize("limit", ["execution_timeout", "run_timeout"])
async def test_the_limits_of_a_workflow_look_alike(desk: Bench, limit: str) -> None:
    """To the client; and the code is not asked, though it catches whatever comes."""
    handle = await desk.start(long.Sleeps.run, **{limit: timedelta(seconds=0.5)})

    failure = (await failure_of(handle)).cause

    assert isinstance(failure, TimedOut)
    assert failure.type is TimeoutType.START_TO_CLOSE
    history = await history_of(handle)
    assert len(history.of_type("WorkflowTaskCompleted")) == 1
