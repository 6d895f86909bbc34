"""Every run of somebody else's tests, replayed when the test has ended: what is not deterministic fails the test."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

APP = """
import random
from datetime import timedelta

from temporalio import activity, workflow

@activity.defn
async def one() -> None:
    pass

@activity.defn
async def two() -> None:
    pass

turns = iter(range(1_000_000))

@workflow.defn
class Sound:
    @workflow.run
    async def run(self, name: str) -> str:
        await workflow.execute_activity(one, start_to_close_timeout=timedelta(seconds=5))
        return await workflow.execute_child_workflow(Child.run, name) if name != "child" else name

@workflow.defn
class Child:
    @workflow.run
    async def run(self, name: str) -> str:
        return name

@workflow.defn(sandboxed=False)
class Odd:
    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(two if next(turns) % 2 else one, start_to_close_timeout=timedelta(seconds=5))

@workflow.defn(sandboxed=False)
class Drifts:
    @workflow.run
    async def run(self) -> int:
        return next(turns)

@workflow.defn
class Waits:
    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def wake(self) -> None:
        pass
"""

TESTS = """
import asyncio
import unittest
from uuid import uuid4

import pytest
import pytest_asyncio
import temporalio.client
from temporalio import workflow
from temporalio.client import Client, WorkflowFailureError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Interceptor, UnsandboxedWorkflowRunner, Worker, WorkflowInboundInterceptor

from app import Child, Drifts, Odd, Sound, Waits, one, two

async def execute(env, what, *given, queue="queue"):
    return await env.client.execute_workflow(what, *given, id=str(uuid4()), task_queue=queue)

def worker(env, queue="queue"):
    return Worker(env.client, task_queue=queue, workflows=[Child, Drifts, Odd, Sound, Waits], activities=[one, two])

@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def env():
    async with await WorkflowEnvironment.start_local(dev_server_existing_path={temporal!r}) as env:
        yield env

@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def everlasting(env):
    async with worker(env, "everlasting"):
        yield env
"""

SOUND = """
async def test_sound(env):
    async with worker(env):
        assert await execute(env, Sound.run, "Ada") == "Ada"

async def test_open(env):
    async with worker(env):
        waits = await env.client.start_workflow(Waits.run, id="waits", task_queue="queue")
        await waits.execute_update(Waits.wake)

async def test_on_a_worker_of_the_session(everlasting):
    assert await execute(everlasting, Sound.run, "Bob", queue="everlasting") == "Bob"

class Sees(temporalio.client.Interceptor, Interceptor):
    def workflow_interceptor_class(self, input):
        return Greets

class Greets(WorkflowInboundInterceptor):
    async def execute_workflow(self, input):
        await workflow.sleep(0.01)
        return await super().execute_workflow(input)

@workflow.defn
class Raises:
    @workflow.run
    async def run(self, name: str) -> str:
        raise KeyError(name)

async def test_a_worker_with_everything_its_own_way(env):
    client = Client(env.client.service_client, data_converter=pydantic_data_converter, interceptors=[Sees()])
    worker = Worker(
        client,
        task_queue="queue",
        workflows=[Raises],
        workflow_runner=UnsandboxedWorkflowRunner(),
        workflow_failure_exception_types=[KeyError],
    )
    async with worker:
        with pytest.raises(WorkflowFailureError):
            await execute(env, Raises.run, "Ada")

def test_without_runs():
    pass

def test_with_a_server_of_its_own():
    async def body():
        async with await WorkflowEnvironment.start_local(dev_server_existing_path={temporal!r}) as env, worker(env):
            await execute(env, Sound.run, "child")
    asyncio.run(body())
"""

ODD = """
async def test_odd(env):
    async with worker(env):
        await execute(env, Odd.run)

async def test_odd_on_a_worker_of_the_session(everlasting):
    await execute(everlasting, Odd.run, queue="everlasting")

async def test_drifts(env):
    async with worker(env):
        await execute(env, Drifts.run)

class TestOfUnittest(unittest.IsolatedAsyncioTestCase):
    async def test_odd(self):
        async with await WorkflowEnvironment.start_local(dev_server_existing_path={temporal!r}) as env, worker(env):
            await execute(env, Odd.run)

@pytest.mark.no_replay
async def test_odd_on_purpose(everlasting):
    async with worker(everlasting):
        await execute(everlasting, Odd.run)
        await execute(everlasting, Odd.run, queue="everlasting")

async def test_fails_by_itself(env):
    async with worker(env):
        await execute(env, Odd.run)
    raise AssertionError("the test's own")
"""

GONE = """
async def test_gone():
    env = await WorkflowEnvironment.start_local(dev_server_existing_path={temporal!r})
    async with worker(env):
        await execute(env, Sound.run, "child")
        await env.shutdown()
"""

PYPROJECT = """
[tool.pytest.ini_options]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "session"
asyncio_default_test_loop_scope = "session"
pythonpath = ["."]
filterwarnings = ["error"]
"""


def run(pytester: pytest.Pytester, tests: str, *options: str) -> pytest.RunResult:
    """Run somebody's tests in a process of their own."""
    root: Path = pytester.path
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / "app.py").write_text(APP, encoding="utf-8")
    temporal = shutil.which("temporal", path=str(Path(sys.executable).parent)) or shutil.which("temporal")
    (root / "test_it.py").write_text((TESTS + tests).format(temporal=temporal), encoding="utf-8")
    return pytester.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, timeout=180)


def test_sound_runs_are_replayed_unnoticed(pytester: pytest.Pytester) -> None:
    """Those of children, of open workflows, of a worker that outlives the test, of a server that does not."""
    ended = run(pytester, SOUND, "--harness-replay-runs")

    ended.assert_outcomes(passed=6)
    ended.stdout.fnmatch_lines(["*harness: replayed 7 workflow runs of the tests*"])
    ended.stdout.no_fnmatch_line("harness: test_it*")
    ended.stdout.no_fnmatch_line("*not replayed*")


def test_what_does_not_replay_fails_its_test(pytester: pytest.Pytester) -> None:
    """With the account; drift is told, and a test that fails by itself keeps its own reason."""
    ended = run(pytester, ODD, "--harness-replay-runs")

    ended.assert_outcomes(passed=2, failed=4)
    ended.stdout.fnmatch_lines(
        [
            "*the run * of this test: non-deterministic at event 5: recorded ActivityTaskScheduled one*",
            "*at: *app.py:* in Odd.run*",
            "*the test's own*",
            "*Captured harness replay call*",
            "*the run * of this test: non-deterministic*",
            "*harness: replayed 5 workflow runs of the tests*",
            "*harness: *test_drifts: the run * replays, with 1 difference*",
        ]
    )


def test_without_the_option_nothing_is_replayed(pytester: pytest.Pytester) -> None:
    """The same tests pass, but for the one that fails by itself."""
    ended = run(pytester, ODD)

    ended.assert_outcomes(passed=5, failed=1)
    ended.stdout.no_fnmatch_line("harness: *")


def test_a_server_that_is_gone_is_told_and_changes_nothing(pytester: pytest.Pytester) -> None:
    """There is nobody to ask for the history."""
    ended = run(pytester, GONE, "--harness-replay-runs")

    ended.assert_outcomes(passed=1)
    ended.stdout.fnmatch_lines(["*the history of a run could not be fetched, and was not replayed*"])
