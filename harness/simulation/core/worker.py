"""A worker's core: what the SDK's Python part polls, completes and heartbeats with, in place of the one in Rust."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from temporalio.api.common.v1 import Payloads
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.failure.v1 import Failure
from temporalio.api.query.v1 import WorkflowQuery
from temporalio.service import RPCError

from harness.library_internals.core_messages import (
    ActivityTask,
    RemoveFromCache,
    Start,
    WorkflowActivation,
    WorkflowActivationJob,
)
from harness.library_internals.simulated_bridge import WorkerSettings
from harness.simulation.core.asked import Asked
from harness.simulation.core.attempts import WorkerAttempts
from harness.simulation.core.limits import WorkerLimits
from harness.simulation.core.local_activities import LocalResolution
from harness.simulation.core.local_attempts import LocalAttempts
from harness.simulation.core.workflow_run import WorkflowRun
from harness.simulation.latency import HOP, NEW_RUN, TASK_ANSWER
from harness.simulation.messages import seconds, timestamp
from harness.simulation.server import tasks
from harness.simulation.server.requests import task_token
from harness.simulation.server.server import SimulatedServer
from harness.simulation.server.tasks import FailedTask, TaskAnswer

QUERY = "query"
"""The id of a query to workflow code; there is one at a time."""

UNHANDLED = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE


class CoreWorker:
    """The core of one worker.

    Args:
        server: The server.
        settings: How the worker was made.
    """

    def __init__(self, server: SimulatedServer, settings: WorkerSettings) -> None:
        self._server = server
        self._settings = settings
        self._limits = WorkerLimits(settings)
        self._activations: asyncio.Queue[WorkflowActivation | None] = asyncio.Queue()
        self._activity_tasks: asyncio.Queue[ActivityTask | None] = asyncio.Queue()
        self._runs: dict[str, WorkflowRun] = {}
        self._evicting: dict[str, tasks.WorkflowTask | None] = {}
        self._busy: set[str] = set()
        self._queries: dict[str, tuple[tasks.WorkflowTask, Callable[[tasks.QueryResult], None]]] = {}
        self._attempts = WorkerAttempts(
            server,
            self._activity_tasks.put_nowait,
            longest=settings.longest_throttle,
            without_timeout=settings.default_throttle,
        )
        self._local = LocalAttempts(server, self._activity_tasks.put_nowait, ended=self._local_ended)
        server.polls(settings.task_queue, self)

    # --- the server gives tasks (as `harness.simulation.server.tasks.Worker` says) ---

    @property
    def identity(self) -> str:
        """What it calls itself."""
        return self._settings.identity

    @property
    def build_id(self) -> str:
        """The build of its code."""
        return self._settings.build_id

    def knows(self, run_id: str) -> bool:
        """Whether it keeps a run in its cache."""
        return run_id in self._runs and run_id not in self._evicting

    def workflow_task(self, task: tasks.WorkflowTask) -> None:
        """Take a workflow task."""
        with self._server.guard:
            if task.run_id in self._evicting:
                self._evicting[task.run_id] = task
                return
            if task.run_id in self._queries:
                self._server.loop.call_later(HOP, self.workflow_task, task)
                return
            run = self._runs.get(task.run_id)
            if run is not None and task.events and task.events[0].event_id == 1:
                # It failed before, and is done again from the beginning.
                self._evict(task.run_id, then=task)
                return
            self._busy.add(task.run_id)
            if run is None:
                self._server.loop.call_later(NEW_RUN, self._take, self._new_run(task), task)
            else:
                self._take(run, task)

    def _take(self, run: WorkflowRun, task: tasks.WorkflowTask) -> None:
        with self._server.guard:
            if self._runs.get(task.run_id) is run:
                run.take(task)
                self._go_on(run)

    def query(self, task: tasks.WorkflowTask, answer: Callable[[tasks.QueryResult], None]) -> None:
        """Take a query."""
        with self._server.guard:
            if any(task.run_id in one for one in (self._evicting, self._queries, self._busy)):
                self._server.loop.call_later(HOP, self.query, task, answer)
                return
            self._queries[task.run_id] = task, answer
            run = self._runs.get(task.run_id)
            if run is None:
                run = self._new_run(task)
                run.take(task)
            self._go_on(run)

    def activity_task(self, task: tasks.ActivityTask) -> None:
        """Take an attempt of an activity."""
        with self._server.guard:
            self._limits.may_begin(self._attempts.many)
            token = task_token(task.token)
            self._attempts.begin(token, task)
            self._activity_tasks.put_nowait(ActivityTask(task_token=token, start=_start(task, self._server.namespace)))

    def undo_task(self, run_id: str) -> None:
        """Forget the last task of a run, of which the history says nothing."""
        if run_id in self._runs:
            self._runs[run_id].undo()

    def forget(self, run_id: str) -> None:
        """Let go of a run that has closed."""
        if run_id in self._runs:
            self._evict(run_id)

    # --- the SDK's Python part polls and answers ---

    async def poll_workflow_activation(self) -> WorkflowActivation | None:
        """Return the next activation; None when the worker shuts down."""
        return await self._activations.get()

    async def poll_activity_task(self) -> ActivityTask | None:
        """Return the next task of an activity; None when the worker shuts down."""
        return await self._activity_tasks.get()

    def complete_workflow_activation(self, completion: Any) -> None:
        """Take what workflow code asks for after an activation."""
        with self._server.guard:
            if completion.run_id in self._evicting:
                self._evicted(completion.run_id)
                return
            run = self._runs[completion.run_id]
            if any(one.HasField("respond_to_query") for one in completion.successful.commands):
                self._answered_query(run, completion)
                return
            if completion.HasField("failed"):
                self._failed(run, completion.failed)
                return
            run.asked_for(completion.successful)
            self._go_on(run)

    def complete_activity_task(self, completion: Any) -> None:
        """Take what became of an attempt."""
        with self._server.guard:
            if self._local.completed(completion.task_token, completion.result):
                return
            result = completion.result
            attempt = self._attempts.end(completion.task_token, flush=not result.HasField("completed"))
            if attempt is not None and not result.HasField("will_complete_async"):
                token = attempt.task.token
                self._server.loop.call_later(HOP, self._report, token, result)

    def record_activity_heartbeat(self, heartbeat: Any) -> None:
        """Take a heartbeat."""
        self._attempts.heartbeat(heartbeat.task_token, heartbeat.details)

    def initiate_shutdown(self) -> None:
        """Poll no more."""
        self._server.polls_no_more(self._settings.task_queue)
        self._attempts.cancel_all()
        self._activations.put_nowait(None)
        self._activity_tasks.put_nowait(None)

    # --- how it goes on ---

    def _new_run(self, task: tasks.WorkflowTask) -> WorkflowRun:
        self._limits.may_cache(len(self._runs))
        asked = Asked(
            run_id=task.run_id,
            namespace=self._server.namespace,
            task_queue=self._settings.task_queue,
            eager=self._settings.eager,
        )
        run = WorkflowRun(task, asked, sdk=self._settings.sdk)
        self._runs[task.run_id] = run
        return run

    def _go_on(self, run: WorkflowRun) -> None:
        activation = run.activation()
        if activation is not None:
            self._activations.put_nowait(activation)
            return
        for asked in run.asked.local.to_begin:
            self._limits.may_begin_local(self._local.many)
            self._local.begin(run, asked)
        run.asked.local.to_begin.clear()
        if run.run_id in self._queries:
            self._activations.put_nowait(run.query(QUERY, self._query_of(run.run_id)))
        elif not run.asked.local.any_open:
            self._answer(run)

    def _query_of(self, run_id: str) -> WorkflowQuery:
        query = self._queries[run_id][0].query
        assert query is not None  # noqa: S101 - only tasks with a query are kept there
        return query

    def _answered_query(self, run: WorkflowRun, completion: Any) -> None:
        task, answer = self._queries.pop(run.run_id)
        if completion.HasField("failed"):
            result: tasks.QueryResult = completion.failed.failure
        else:
            [response] = [one.respond_to_query for one in completion.successful.commands]
            result = response.failed if response.HasField("failed") else response.succeeded.response
        self._server.loop.call_later(HOP, answer, result)
        if task.events:
            # It was put together for this query alone.
            self._evict(run.run_id)

    def _answer(self, run: WorkflowRun) -> None:
        self._busy.discard(run.run_id)
        answer = TaskAnswer(
            commands=run.commands(),
            messages=run.messages(),
            metadata=run.metadata(),
            identity=self._settings.identity,
            build_id=self._settings.build_id,
        )
        token = run.task.token
        self._server.loop.call_later(TASK_ANSWER, self._completed, token, answer)

    def _completed(self, token: tasks.Token, answer: TaskAnswer) -> None:
        with self._server.guard:
            execution = self._server.execution(token[0])
            if execution is not None:
                execution.tasks.completed(token, answer)
                execution.settle()

    def _failed(self, run: WorkflowRun, failed: Any) -> None:
        self._evict(run.run_id)
        failure = Failure()
        failure.CopyFrom(failed.failure)
        answer = FailedTask(cause=failed.force_cause or UNHANDLED, failure=failure, identity=self._settings.identity)
        token = run.task.token
        self._server.loop.call_later(TASK_ANSWER, self._task_failed, token, answer)

    def _task_failed(self, token: tasks.Token, answer: FailedTask) -> None:
        with self._server.guard:
            execution = self._server.execution(token[0])
            if execution is not None:
                execution.tasks.failed(token, answer)
                execution.settle()

    def _report(self, token: tasks.Token, result: Any) -> None:
        with self._server.guard:
            execution = self._server.execution(token[0])
            if execution is None or execution.closed:
                return
            try:
                if result.HasField("completed"):
                    given = result.completed
                    payloads = Payloads(payloads=[given.result]) if given.HasField("result") else None
                    execution.activities.completed(token, payloads, self.identity)
                elif result.HasField("failed"):
                    execution.activities.failed(token, result.failed.failure, self.identity)
                else:
                    info = result.cancelled.failure.canceled_failure_info
                    details = info.details if info.HasField("details") else None
                    execution.activities.canceled(token, details, self.identity)
            except RPCError:
                # It timed out before, or nobody waits for it any more.
                return
            execution.settle()

    def _local_ended(self, run: WorkflowRun, resolved: LocalResolution) -> None:
        with self._server.guard:
            if self._runs.get(run.run_id) is not run:
                return
            run.resolved_local(resolved)
            self._go_on(run)

    # --- the cache ---

    def _evict(self, run_id: str, *, then: tasks.WorkflowTask | None = None) -> None:
        if run_id in self._evicting:
            self._evicting[run_id] = then
            return
        self._evicting[run_id] = then
        job = WorkflowActivationJob(remove_from_cache=RemoveFromCache(message="evicted"))
        self._activations.put_nowait(WorkflowActivation(run_id=run_id, jobs=[job]))

    def _evicted(self, run_id: str) -> None:
        task = self._evicting.pop(run_id)
        self._runs.pop(run_id, None)
        self._busy.discard(run_id)
        if task is not None:
            self.workflow_task(task)


def _start(task: tasks.ActivityTask, namespace: str) -> Any:
    scheduled = task.scheduled
    start = Start(
        workflow_namespace=namespace,
        workflow_type=task.workflow_type,
        workflow_execution=task.execution,
        activity_id=scheduled.activity_id,
        activity_type=scheduled.activity_type.name,
        header_fields=scheduled.header.fields,
        input=scheduled.input.payloads,
        heartbeat_details=task.heartbeat_details.payloads if task.heartbeat_details is not None else (),
        scheduled_time=timestamp(task.scheduled_at),
        current_attempt_scheduled_time=timestamp(task.attempt_scheduled_at),
        started_time=timestamp(task.started_at),
        attempt=task.attempt,
        retry_policy=scheduled.retry_policy,
        priority=scheduled.priority,
    )
    for name in ("schedule_to_close_timeout", "start_to_close_timeout", "heartbeat_timeout"):
        if seconds(getattr(scheduled, name)):
            getattr(start, name).CopyFrom(getattr(scheduled, name))
    return start
