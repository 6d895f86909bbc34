"""The workflow tasks of one execution: at most one at a time, given to a worker and answered by it.

A task that was created only for an update, and one that is repeated after it failed, are written to the history when
they are completed: if nothing comes of them, they leave no trace.
"""

from __future__ import annotations

from collections.abc import Callable

from temporalio.api.enums.v1 import TaskQueueKind, WorkflowTaskFailedCause
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.query.v1 import WorkflowQuery

from harness.simulation.latency import HOP, QUEUED
from harness.simulation.messages import duration, seconds
from harness.simulation.server.limits import TASKS
from harness.simulation.server.owner import ExecutionView
from harness.simulation.server.tasks import FailedTask, TaskAnswer, Token, Worker, WorkflowTask
from harness.simulation.server.updates import Updates
from harness.simulation.unmodelled import Unmodelled


class WorkflowTasks:
    """The workflow tasks of one execution.

    Args:
        execution: Which.
        updates: Its updates, which a worker is asked for with a task.
    """

    def __init__(self, execution: ExecutionView, updates: Updates) -> None:
        self._execution = execution
        self._updates = updates
        self._history = execution.history
        self.attempt = 1
        self.scheduled = False
        self.started = False
        self._wanted_to_close = False
        self._written = False
        self._answered = 0
        self._completed_any = False
        self._scheduled_at = 0.0
        self._scheduled_id = 0
        self._number = 0
        self._begun = 0
        self._unreported = False
        self._shown: list[HistoryEvent] = []
        self._timeout = seconds(execution.started.workflow_task_timeout)

    @property
    def pending(self) -> bool:
        """Whether there is a task."""
        return self.scheduled or self.started

    @property
    def closing(self) -> bool:
        """Whether a worker does a task again with which it wanted to close the workflow: who sends something waits."""
        return self._wanted_to_close and self.started

    @property
    def token(self) -> Token:
        """The task that a worker has."""
        return self._execution.run_id, self._number, self.attempt

    def schedule(self, *, at_once: bool = False, for_update: bool = False) -> None:
        """Have a task done, unless there is one already.

        Args:
            at_once: Whether it starts now, since the worker that answered the last one takes it along.
            for_update: Whether there is nothing to do in it but an update.
        """
        if self.pending or self._execution.closed:
            return
        self.scheduled = True
        self._number += 1
        self._written = False
        self._scheduled_at = self._execution.clock.now()
        if not for_update and self.attempt == 1:
            self.write_scheduled()
        if at_once:
            self._start()
        else:
            self._execution.clock.soon(QUEUED - HOP, self._starting(self._number))

    def write_scheduled(self) -> None:
        """Write that the task is scheduled, if that is not written yet: something else will be written behind it."""
        if self.scheduled and not self._written:
            self._written = True
            event = self._history.write("workflow_task_scheduled", self._scheduled_attributes(), at=self._scheduled_at)
            self._scheduled_id = event.event_id

    def completed(self, token: Token, answer: TaskAnswer) -> None:
        """Take a worker's answer."""
        if self._is_current(token):
            self._take(answer)

    def _take(self, answer: TaskAnswer) -> None:
        execution = self._execution
        self._updates.answered_by(answer.messages)
        if not self._written and self.attempt == 1 and self._updates.only_rejected(answer):
            # It was made for updates that came to nothing.
            self._end()
            worker = execution.server.worker_of(execution.task_queue)
            if worker is not None:
                worker.undo_task(execution.run_id)
            self._go_on()
            return
        if execution.must_redo(answer):
            self._wanted_to_close = True
            cause = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND
            failure = Failure(message="UnhandledCommand")
            failure.server_failure_info.SetInParent()
            self._fail(FailedTask(cause=cause, failure=failure, identity=answer.identity))
            return
        started_id = self._write_shown()
        self._end()
        self.attempt = 1
        self._answered = started_id
        self._completed_any = True
        event = self._history.write(
            "workflow_task_completed",
            {
                "scheduled_event_id": self._scheduled_id,
                "started_event_id": started_id,
                "identity": answer.identity,
                "worker_version": {"build_id": answer.build_id},
                "sdk_metadata": answer.metadata,
                "metering_metadata": {},
            },
        )
        execution.obey(answer, event.event_id)
        self._go_on()

    def failed(self, token: Token, failed: FailedTask) -> None:
        """Take note that a worker could not do a task."""
        if self._is_current(token):
            self._fail(failed)

    def for_query(self, query: WorkflowQuery, worker: Worker) -> WorkflowTask:
        """Return a task for a query alone."""
        known = worker.knows(self._execution.run_id)
        return WorkflowTask(
            token=self.token,
            workflow_id=self._execution.workflow_id,
            previous_started_id=self._answered,
            started_id=0,
            events=() if known else self._history.events,
            query=query,
            task_timeout=self._timeout,
        )

    def force_closed(self) -> None:
        """End a task that a worker has, since the execution is closed from outside."""
        if self.started:
            self._write_failed(
                FailedTask(
                    cause=WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
                    identity="history-service",
                )
            )
        self._end()

    def _starting(self, number: int) -> Callable[[], None]:
        def start() -> None:
            if self.scheduled and self._number == number and not self._execution.closed:
                self._start()

        return start

    def _start(self) -> None:
        execution = self._execution
        worker = execution.server.worker_of(execution.task_queue)
        if worker is None:
            execution.server.waiting_for_worker(execution.task_queue, self._starting(self._number))
            return
        self._begun += 1
        if self._begun > TASKS:
            raise Unmodelled(f"a workflow with more than {TASKS} workflow tasks")
        self.scheduled, self.started = False, True
        following = self._history.next_id
        if not self._written:
            scheduled = self._history.event("workflow_task_scheduled", self._scheduled_attributes())
            scheduled.event_id = self._scheduled_id = following
            self._shown.append(scheduled)
            following += 1
        event = self._history.event(
            "workflow_task_started",
            {
                "scheduled_event_id": self._scheduled_id,
                "identity": worker.identity,
                "request_id": f"task-{self._number}",
                "history_size_bytes": self._history.size,
                "worker_version": {"build_id": worker.build_id},
            },
        )
        event.event_id = following
        self._shown.append(event)
        if self._written:
            self._write_shown()
        self._history.keeps_back = True
        known = self._completed_any and worker.knows(execution.run_id)
        task = WorkflowTask(
            token=self.token,
            workflow_id=execution.workflow_id,
            previous_started_id=self._answered,
            started_id=following,
            events=[*self._history.events[self._answered if known else 0 :], *self._shown],
            messages=self._updates.requests(following - 1),
            task_timeout=self._timeout,
        )
        execution.clock.soon(HOP, lambda: worker.workflow_task(task))
        number = self._number
        execution.clock.soon(self._timeout, lambda: self._times_out(number))

    def _times_out(self, number: int) -> None:
        if not self.started or self._number != number:
            return
        if not self._unreported:
            raise Unmodelled("a workflow task that times out")
        self._repeat()

    def _scheduled_attributes(self) -> dict[str, object]:
        queue = {"name": self._execution.task_queue, "kind": TaskQueueKind.TASK_QUEUE_KIND_NORMAL}
        if self._completed_any and self.attempt == 1:
            sticky = f"{self._execution.task_queue}-sticky"
            queue = {
                "name": sticky,
                "kind": TaskQueueKind.TASK_QUEUE_KIND_STICKY,
                "normal_name": self._execution.task_queue,
            }
        return {"task_queue": queue, "start_to_close_timeout": duration(self._timeout), "attempt": self.attempt}

    def _is_current(self, token: Token) -> bool:
        return self.started and token == self.token and not self._execution.closed

    def _write_shown(self) -> int:
        """Write the events that the worker was shown; return the id of the one at which the task started."""
        for event in self._shown:
            self._history.write_event(event)
        self._shown.clear()
        return self._last_started

    @property
    def _last_started(self) -> int:
        return next(
            one.event_id
            for one in reversed(self._history.events)
            if one.HasField("workflow_task_started_event_attributes")
        )

    def _end(self) -> None:
        self.scheduled = self.started = self._unreported = False
        self._shown.clear()
        self._history.keeps_back = False

    def _fail(self, failed: FailedTask) -> None:
        if self.attempt > 1:
            # A worker does not report that a repeated task fails: it runs into its timeout.
            self._unreported = True
            return
        self._write_failed(failed)
        self._repeat()

    def _repeat(self) -> None:
        self._end()
        self._completed_any = False
        self.attempt = 1 if self._history.has_kept else self.attempt + 1
        self._updates.ask_again()
        self._go_on(repeat=True)

    def _write_failed(self, failed: FailedTask) -> None:
        started_id = self._write_shown()
        self._history.write(
            "workflow_task_failed",
            {
                "scheduled_event_id": self._scheduled_id,
                "started_event_id": started_id,
                "cause": failed.cause,
                "failure": failed.failure,
                "identity": failed.identity,
            },
        )

    def _go_on(self, *, repeat: bool = False) -> None:
        """Write what happened meanwhile, and have a further task done if there is anything to do."""
        if self._execution.closed:
            self._history.drop_kept()
            return
        news = self._history.write_kept()
        if repeat:
            self.schedule()
        elif news or self._updates.waiting:
            self.schedule(at_once=True, for_update=not news)
