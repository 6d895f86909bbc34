"""What the sandbox stops, what replay finds, and what becomes of runs whose code does not fit any more."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus as Status
from temporalio.client import WorkflowHistory
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError, TemporalError
from temporalio.exceptions import TimeoutError as TimedOut
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from harness.environment.open import Environment
from tests.live.facts import chance
from tests.live.facts.bench import Bench, Handle, begun, bench, failure_of, history_of

WORKFLOWS = [
    chance.Reaches,
    chance.Printed,
    chance.DecidesByChance,
    chance.DrawsForNothing,
    chance.DecidesByTheWorkflowsChance,
    chance.Before,
    chance.PrintedCheck,
    chance.Check,
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker for all of them, that remembers nothing between two tasks."""
    client = harness_environment.temporal.client
    async with bench(client, WORKFLOWS, [chance.heads, chance.tails], max_cached_workflows=0) as one:
        yield one


Reached = Mapping[str, Handle]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def reached(desk: Bench) -> Reached:
    """One workflow for each thing that is tried, all at once."""
    return {
        what: await desk.start(chance.Reaches.run, what)
        for what in (*chance.STOPPED, *chance.LET_THROUGH, *chance.NOT_THERE)
    }


def kind(failure: BaseException) -> str | None:
    """Return the type of the application failure behind a workflow's."""
    assert isinstance(failure.__cause__, ApplicationError)
    return failure.__cause__.type


@pytest.mark.claims("DET-002", "DET-003")
@pytest.mark.parametrize("what", chance.STOPPED)
async def test_the_sandbox_stops(reached: Reached, what: str) -> None:
    """Clock, chance, files, network, processes: they do not run at all."""
    assert kind(await failure_of(reached[what])) == "RestrictedWorkflowAccessError"


@pytest.mark.claims("DET-003")
@pytest.mark.parametrize("what", chance.LET_THROUGH)
async def test_the_sandbox_lets_through(reached: Reached, what: str) -> None:
    """It knows calls, not determinism."""
    assert await reached[what].result() == "went through"


@pytest.mark.claims("DET-003")
@pytest.mark.parametrize("what", chance.NOT_THERE)
async def test_the_loop_of_workflows_does_not_have(reached: Reached, what: str) -> None:
    """Connections and threads."""
    assert kind(await failure_of(reached[what])) == "NotImplementedError"


async def stuck(handle: Handle) -> tuple[str, str, WorkflowHistory]:
    """Return why a workflow's task failed, and its history, and end it, which was still open."""
    await begun(handle, "WorkflowTaskFailed")
    assert (await handle.describe()).status is Status.RUNNING
    [failed, *_] = (await history_of(handle)).of_type("WorkflowTaskFailed")
    history = await handle.fetch_history()
    await handle.terminate()
    return failed.attributes["cause"], failed.attributes["failure"]["message"], history


@pytest.mark.claims("DET-002")
async def test_what_is_printed_as_non_determinism_never_runs(desk: Bench) -> None:
    """The very first task fails, for the sandbox and not for any difference."""
    handle = await desk.start(chance.Printed.run)

    cause, text, history = await stuck(handle)

    assert cause == "WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE"
    assert "Cannot access random.random.__call__ from inside a workflow" in text
    assert not any(event.HasField("workflow_task_completed_event_attributes") for event in history.events)


@pytest.mark.claims("DET-001")
async def test_wrong_input_as_printed_stands_still(desk: Bench) -> None:
    """`details=` is no argument, so that a TypeError is raised, which ends nothing."""
    _, text, _ = await stuck(await desk.start(chance.PrintedCheck.run, {"a": 1}))

    assert "unexpected keyword argument 'details'" in text


@pytest.mark.claims("DET-001")
async def test_wrong_input_fails_for_good(desk: Bench) -> None:
    """With what was given, in the first run whatever the policy, and with a history that replays."""
    handle = await desk.start(chance.Check.run, {"a": 1}, retry_policy=RetryPolicy(maximum_attempts=3))

    failure = (await failure_of(handle)).cause

    assert isinstance(failure, ApplicationError)
    assert (failure.type, failure.non_retryable, failure.details) == ("ValidationError", True, ({"a": 1},))
    assert (await handle.describe()).run_id == handle.first_execution_run_id
    await Replayer(workflows=[chance.Check]).replay_workflow(await handle.fetch_history())


# --- replay ---------------------------------------------------------------------------------------------------------


@pytest.mark.claims("DET-004")
async def test_chance_that_decides_is_found_by_replay(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it falls otherwise; when it falls the same, a replay knows nothing."""
    monkeypatch.setattr(random, "random", lambda: 0.1)
    handle = await desk.start(chance.DecidesByChance.run)
    await handle.result()
    history = await handle.fetch_history()
    replayer = Replayer(workflows=[chance.DecidesByChance])

    await replayer.replay_workflow(history)
    monkeypatch.setattr(random, "random", lambda: 0.9)
    with pytest.raises(NondeterminismError, match=r"\[TMPRL1100\].*Activity type of scheduled event"):
        await replayer.replay_workflow(history)


@pytest.mark.claims("DET-004")
@pytest.mark.parametrize("workflow", [chance.DrawsForNothing, chance.DecidesByTheWorkflowsChance])
async def test_chance_that_decides_nothing_and_the_workflows_own_replay(
    desk: Bench, workflow: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever Python's chance says meanwhile."""
    handle = await desk.start(workflow.run)  # type: ignore[attr-defined]
    await handle.result()
    monkeypatch.setattr(random, "random", lambda: 0.9)

    await Replayer(workflows=[workflow]).replay_workflow(await handle.fetch_history())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def recorded(desk: Bench) -> WorkflowHistory:
    """The history of a run of the version before, saved and loaded."""
    handle = await desk.start(chance.Before.run)
    await handle.signal(chance.Before.go_on)
    await handle.result()
    return WorkflowHistory.from_json(handle.id, (await handle.fetch_history()).to_json())


@pytest.mark.claims("DET-006")
async def test_a_replay_raises_what_does_not_fit(recorded: WorkflowHistory) -> None:
    """As a NondeterminismError, which is Temporal's, and no failure of a workflow."""
    await Replayer(workflows=[chance.Before]).replay_workflow(recorded)
    with pytest.raises(NondeterminismError, match="TMPRL1100") as raised:
        await Replayer(workflows=[chance.After]).replay_workflow(recorded)

    assert isinstance(raised.value, TemporalError)
    assert not isinstance(raised.value, FailureError)


@pytest.mark.claims("DET-006")
async def test_a_replay_collects_what_does_not_fit(recorded: WorkflowHistory) -> None:
    """One by one, or by the id of the run."""

    async def histories() -> AsyncIterator[WorkflowHistory]:
        yield recorded

    replayer = Replayer(workflows=[chance.After])
    one = await replayer.replay_workflow(recorded, raise_on_replay_failure=False)
    several = await replayer.replay_workflows(histories(), raise_on_replay_failure=False)

    assert isinstance(one.replay_failure, NondeterminismError)
    assert [*several.replay_failures] == [recorded.run_id]


@pytest.mark.claims("DET-008")
async def test_a_bug_is_a_runtime_error_of_replay(recorded: WorkflowHistory) -> None:
    """When the history went further than the bug lets the code go."""
    with pytest.raises(RuntimeError, match="NameError") as raised:
        await Replayer(workflows=[chance.WithABug]).replay_workflow(recorded)

    assert not isinstance(raised.value, TemporalError)


@pytest.mark.claims("DET-008")
async def test_the_history_of_a_run_that_stands_still_replays(harness_environment: Environment) -> None:
    """With the very bug that it stands still for: replay looks no further than the last task that succeeded."""
    async with bench(harness_environment.temporal.client, [chance.WithABug], [chance.heads]) as one:
        handle = await one.start(chance.WithABug.run)
        await handle.signal(chance.WithABug.go_on)
        _, text, history = await stuck(handle)

    assert text == "no such thing"
    await Replayer(workflows=[chance.WithABug]).replay_workflow(history)


# --- a deployment that does not fit ---------------------------------------------------------------------------------


@pytest.mark.claims("DET-007")
async def test_non_determinism_can_be_made_to_fail_the_workflow(harness_environment: Environment) -> None:
    """By naming it among the exceptions that do; otherwise the execution's timeout ends what stands still."""
    client = harness_environment.temporal.client
    async with bench(client, [chance.Before], [chance.heads], max_cached_workflows=0) as first:
        fails = await first.start(chance.Before.run)
        await begun(fails, "WorkflowTaskCompleted", nth=2)
    async with bench(client, [chance.AfterThatFails], [chance.tails], queue=first.queue, max_cached_workflows=0):
        await fails.signal(chance.Before.go_on)
        failure = (await failure_of(fails)).cause

    assert isinstance(failure, ApplicationError)
    assert "TMPRL1100" in failure.message


@pytest.mark.claims("DET-005", "DET-007")
async def test_non_determinism_stands_still_until_a_timeout(harness_environment: Environment) -> None:
    """The task fails, the run stays open, and its execution timeout is what ends it."""
    client = harness_environment.temporal.client
    async with bench(client, [chance.Before], [chance.heads], max_cached_workflows=0) as first:
        stands = await first.start(chance.Before.run, execution_timeout=timedelta(seconds=2))
        await begun(stands, "WorkflowTaskCompleted", nth=2)
    async with bench(client, [chance.After], [chance.tails], queue=first.queue, max_cached_workflows=0):
        await stands.signal(chance.Before.go_on)
        failure = (await failure_of(stands)).cause

    assert isinstance(failure, TimedOut)
    [failed, *_] = (await history_of(stands)).of_type("WorkflowTaskFailed")
    assert failed.attributes["cause"] == "WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR"
