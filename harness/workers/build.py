"""Builds and runs the application's worker, which polls the run's own task queue, in this process or in a child."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from harness.application_side.last_plugin import LastPlugin
from harness.application_side.playing import BUILD_ID
from harness.events import Event, RunBroken, WorkerStarted, WorkerStopped
from harness.evidence.worker_built import WorkerBuilt
from harness.library_internals.payload_contexts import without_contexts
from harness.workers.application import Application
from harness.workers.attempt_recorder import AttemptRecorder, Stop, StopNow, error_chain
from harness.workers.explained import explained
from harness.workers.failpoints import Failpoint, Failpoints
from harness.workers.hooks import RunHooks
from harness.workers.sdk_options import activity_types
from harness.workers.workflow_runners import ShorteningRunner
from harness.workers.workflow_tasks import stop_at_workflow_tasks

DRAIN = timedelta(seconds=3)
"""How long a worker that stops lets attempts run on that the server has already given up: their late commits are
evidence, too."""


@dataclass(frozen=True, kw_only=True)
class WorkerOptions:
    """How a worker is built, beside its application.

    Attributes:
        max_cached_workflows: Workflows kept in memory between their tasks; 0 replays each from its start every time.
        grace: How long attempts may run on once the worker has been asked to stop.
        sticky_within: How long the server waits for this worker's own queue before it offers a task to another.
            By default 10 s, by which a killed worker delays the next workflow task.
        polls: How many polls for workflow tasks, and how many for activities, it has open at a time; at least 2. The
            SDK opens 5 by default; a run with 2 takes a tenth less of the server's CPU.
        timeouts_at_most: Upper bound for the application's start-to-close and heartbeat timeouts; None for no bound.
    """

    max_cached_workflows: int = 1000
    grace: timedelta = DRAIN
    sticky_within: timedelta = timedelta(seconds=10)
    polls: int = 2
    timeouts_at_most: timedelta | None = None


@asynccontextmanager
async def running_worker(
    client: Client,
    *,
    name: str,
    task_queue: str,
    application: Application,
    base_urls: Mapping[str, str],
    options: WorkerOptions,
    emit: Callable[[Event], None],
    stop: Stop,
    stop_now: StopNow,
    hooks: RunHooks | None = None,
    begins: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[None]:
    """Run a worker of the application inside the context; leaving it drains the worker.

    Args:
        client: Speaks the application's payloads.
        name: The worker's name in the evidence.
        task_queue: What it polls.
        application: What it runs.
        base_urls: Where its services are, by name.
        options: How it is built.
        emit: Takes what it records.
        stop: Awaited at each failpoint at an attempt's body and before each workflow task.
        stop_now: Called at each heartbeat; returns when the worker may go on.
        hooks: What an exploration adds.
        begins: Called in the task of each attempt, with the activity's type.
    """
    async with AsyncExitStack() as stack:
        made = application.made(base_urls)
        activities = await stack.enter_async_context(made) if isinstance(made, AbstractAsyncContextManager) else made
        pool = stack.enter_context(ThreadPoolExecutor(thread_name_prefix=name))

        async def fatal(error: BaseException) -> None:
            emit(RunBroken(what=f"{name} stopped because of an error: {', '.join(error_chain(error))}"))

        def wrapped(runner: WorkflowRunner) -> WorkflowRunner:
            runner = without_contexts(runner, client.data_converter)
            if options.timeouts_at_most is not None:
                runner = ShorteningRunner(runner, at_most=options.timeouts_at_most)
            return runner if hooks is None else hooks.runner(runner)

        worker = explained(Worker)(
            client,
            task_queue=task_queue,
            workflows=application.workflows,
            activities=activities,
            activity_executor=pool,
            interceptors=[
                AttemptRecorder(name, emit=emit, stop=stop, stop_now=stop_now, begins=begins),
                *(() if hooks is None else hooks.interceptors),
                *application.worker_interceptors,
            ],
            plugins=[*application.worker_plugins, LastPlugin(wrapped)],
            workflow_runner=application.runner,
            workflow_failure_exception_types=application.workflow_failure_exception_types,
            max_cached_workflows=options.max_cached_workflows,
            graceful_shutdown_timeout=options.grace,
            sticky_queue_schedule_to_start_timeout=options.sticky_within,
            max_concurrent_workflow_task_polls=options.polls,
            max_concurrent_activity_task_polls=options.polls,
            on_fatal_error=fatal,
            build_id=BUILD_ID,
        )
        stop_at_workflow_tasks(worker, name=name, stop=stop)
        await stack.enter_async_context(worker)
        emit(WorkerBuilt(worker=name, activities=activity_types(worker)))
        emit(WorkerStarted(worker=name, pid=os.getpid()))
        yield
    emit(WorkerStopped(worker=name))


@asynccontextmanager
async def worker_in_process(
    client: Client,
    *,
    task_queue: str,
    application: Application,
    base_urls: Mapping[str, str],
    emit: Callable[[Event], None],
    failpoints: Failpoints,
    begins: Callable[[str], None],
    hooks: RunHooks | None = None,
) -> AsyncIterator[None]:
    """Run the application's worker in this process inside the context, with what an exploration adds.

    At a heartbeat of an async activity it does not stop: the activity runs on the very loop that would let it go on.
    """
    loop = asyncio.get_running_loop()

    def stop_now(point: Failpoint) -> None:
        if not failpoints.watched_phases:
            return
        reached = failpoints.reached(point)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            asyncio.run_coroutine_threadsafe(reached, loop).result()
        else:
            stopping.add(asyncio.ensure_future(reached))

    stopping: set[asyncio.Future[None]] = set()
    async with running_worker(
        client,
        name="worker",
        task_queue=task_queue,
        application=application,
        base_urls=base_urls,
        options=WorkerOptions(),
        emit=emit,
        stop=failpoints.reached,
        stop_now=stop_now,
        hooks=hooks,
        begins=begins,
    ):
        yield
    await asyncio.gather(*stopping)
