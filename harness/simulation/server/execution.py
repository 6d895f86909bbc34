"""One workflow execution on the simulated server: its history, and everything that is under way in it."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio.api.common.v1 import Payloads, WorkflowExecution
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.history.v1 import WorkflowExecutionStartedEventAttributes
from temporalio.api.query.v1 import WorkflowQuery

from harness.simulation.latency import QUEUED
from harness.simulation.messages import seconds, timestamp
from harness.simulation.server.activities import Activities
from harness.simulation.server.children import Children
from harness.simulation.server.commands import CLOSING, Commands
from harness.simulation.server.ending import ExecutionEnd
from harness.simulation.server.execution_clock import ExecutionClock
from harness.simulation.server.externals import Externals
from harness.simulation.server.history import WrittenHistory
from harness.simulation.server.limits import NOT_READY
from harness.simulation.server.owner import Home
from harness.simulation.server.tasks import QueryResult, TaskAnswer
from harness.simulation.server.timers import Timers
from harness.simulation.server.updates import Updates
from harness.simulation.server.workflow_tasks import WorkflowTasks
from harness.simulation.unmodelled import Unmodelled

NO_REASON = "terminated by user via frontend"
"""What the server writes where whoever terminates a workflow gives no reason."""

ABOUT_TO_CLOSE = "something that is sent to a workflow while it is about to close"

SKIPS_AT_MOST = 200
"""How often a server skips time for one execution; from then on time passes for it as for everybody."""


class Execution:
    """One run of a workflow.

    Args:
        server: Where it runs.
        run_id: Its run id.
        started: The attributes of its first event.
        epoch: The time since the epoch at which the time of the server's loop was 0.
        skipped: How many seconds its clock is ahead already.
    """

    def __init__(
        self,
        server: Home,
        *,
        run_id: str,
        started: WorkflowExecutionStartedEventAttributes,
        epoch: float,
        skipped: float = 0.0,
    ) -> None:
        self.server = server
        self.run_id = run_id
        self.started = started
        self.workflow_id = started.workflow_id
        self.task_queue = started.task_queue.name
        self.status = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
        self.clock = ExecutionClock(server.loop, epoch=epoch, skipped=skipped, guard=server.guard, changed=self.settle)
        self.history = WrittenHistory(self.clock.now)
        self.updates = Updates(self)
        self.tasks = WorkflowTasks(self, self.updates)
        self.activities = Activities(self)
        self.children = Children(self)
        self._externals = Externals(self)
        self._ending = ExecutionEnd(self, self.tasks)
        self._commands = Commands(
            self,
            activities=self.activities,
            timers=Timers(self),
            children=self.children,
            externals=self._externals,
            updates=self.updates,
            ending=self._ending,
        )
        self.cancel_requested = False
        self._signals: set[str] = set()
        self.sleeps_until: float | None = None
        self._skips = 0
        self._news = asyncio.Event()

    # --- what it is ---

    @property
    def closed(self) -> bool:
        """Whether it has ended."""
        return self.status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING

    @property
    def execution(self) -> WorkflowExecution:
        """Its ids."""
        return WorkflowExecution(workflow_id=self.workflow_id, run_id=self.run_id)

    @property
    def root(self) -> WorkflowExecution:
        """The workflow that its whole family was started with."""
        if self.started.HasField("root_workflow_execution"):
            return self.started.root_workflow_execution
        return self.execution

    # --- what happens to it ---

    def begin(self, *, signal: dict[str, Any] | None = None, eager: bool = False, latency: float | None = None) -> None:
        """Write its first events, and have its first task done.

        Args:
            signal: The attributes of a signal that it is started with.
            eager: Whether whoever starts it takes the first task along.
            latency: How long it takes until its first task is scheduled; None for no time.
        """
        self.history.write("workflow_execution_started", self.started)
        if signal is not None:
            self.history.write("workflow_execution_signaled", signal)
        self._ending.watch_timeouts()
        backoff = seconds(self.started.first_workflow_task_backoff)
        if backoff:
            self.sleeps_until = self.clock.now() + backoff
            self.clock.at(self.sleeps_until, self._wake_up)
        elif latency is not None:
            self.clock.soon(latency, self.tasks.schedule)
        elif eager:
            self.tasks.schedule(at_once=True)
        else:
            self.tasks.schedule()
        self.settle()

    def happened(self, name: str, attributes: Any, *, at: float | None = None) -> None:
        """Write an event that the workflow hears of in its next task."""
        self._write(name, attributes, at=at)
        if not self.history.keeps_back and self.sleeps_until is None:
            self.tasks.schedule()

    def noted(self, name: str, attributes: Any, *, at: float | None = None) -> None:
        """Write an event that comes just before another one, of which the workflow hears."""
        self._write(name, attributes, at=at)

    def _write(self, name: str, attributes: Any, *, at: float | None) -> None:
        if not self.history.keeps_back:
            self.tasks.write_scheduled()
        self.history.arrived(name, attributes, at=at)

    def signal(self, attributes: dict[str, Any]) -> None:
        """Take a signal, unless it was taken before."""
        request_id = attributes["request_id"]
        if request_id and request_id in self._signals:
            return
        self._signals.add(request_id)
        if self.tasks.closing:
            raise Unmodelled(ABOUT_TO_CLOSE)
        self.happened("workflow_execution_signaled", attributes)
        self.settle()

    def request_cancel(self, attributes: dict[str, Any]) -> None:
        """Take a request to cancel; a second one changes nothing."""
        if not self.cancel_requested:
            self.cancel_requested = True
            self.happened("workflow_execution_cancel_requested", attributes)
        self.settle()

    def terminate(self, *, reason: str, identity: str, details: Payloads | None = None) -> None:
        """End it from outside."""
        self.tasks.force_closed()
        self.history.write_kept()
        self.history.write(
            "workflow_execution_terminated", {"reason": reason or NO_REASON, "identity": identity, "details": details}
        )
        self._ending.close(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED)
        self.settle()

    def child_ended(self, initiated_id: int, run_id: str, name: str, attributes: dict[str, Any]) -> None:
        """Let it hear that a child has ended."""
        self.children.ended(initiated_id, run_id, name, attributes)

    def task_for_update(self) -> None:
        """Have a task done in which its worker is asked for an update."""
        self.tasks.schedule(for_update=True)

    def ended(self, status: WorkflowExecutionStatus.ValueType, *, goes_on: bool) -> None:
        """Take note that it has ended: nothing of it is under way any more.

        Args:
            status: How.
            goes_on: Whether another run follows.
        """
        self.status = status
        self.activities.drop()
        self._externals.drop()
        self.updates.closed(goes_on=goes_on)
        self.children.parent_closed()

    def obey(self, answer: TaskAnswer, completed_id: int) -> None:
        """Do what a worker asks for in its answer to a workflow task."""
        self._commands.obey(answer, completed_id)

    def must_redo(self, answer: TaskAnswer) -> bool:
        """Whether a worker wants to close the workflow although something has happened that it does not know of."""
        closes = any(one.WhichOneof("attributes") in CLOSING for one in answer.commands)
        return closes and (self.history.has_kept or self.updates.unasked)

    # --- what comes of that ---

    async def query(self, query: WorkflowQuery) -> QueryResult:
        """Ask its worker something once that has no task of it any more, and return the answer."""
        if self.sleeps_until is not None:
            raise Unmodelled("a query of a workflow that has not begun yet")
        while self.tasks.pending and not self.closed:
            if self.tasks.attempt >= NOT_READY:
                raise Unmodelled("a query of a workflow whose tasks fail")
            await self.change()
        answer: asyncio.Future[QueryResult] = self.server.loop.create_future()
        worker = self.server.worker_of(self.task_queue)
        if worker is None:
            raise Unmodelled("a query that no worker answers")
        self.clock.soon(QUEUED, lambda: worker.query(self.tasks.for_query(query, worker), answer.set_result))
        return await answer

    async def change(self) -> None:
        """Return when something has happened to it."""
        await self._news.wait()

    def settle(self) -> None:
        """Let everybody know that something has happened, and skip time in which nothing can happen."""
        self._news.set()
        self._news = asyncio.Event()
        if self.started.time_skipping_config.enabled and not self.closed and self._only_waits():
            due = self.clock.next_due
            # What is due already goes off in a moment.
            if due is not None and due > self.clock.now():
                self._skip_to(due)

    def _wake_up(self) -> None:
        self.sleeps_until = None
        self.tasks.schedule()

    def _only_waits(self) -> bool:
        busy = self.tasks.pending or self.activities.any_under_way or self.children.any_open or self._externals.any_open
        return not busy and not (self.history.next_id <= 2 and self.sleeps_until is None)

    def _skip_to(self, due: float) -> None:
        self._skips += 1
        if self._skips > SKIPS_AT_MOST:
            return
        self.history.write(
            "workflow_execution_time_skipping_transitioned",
            {"target_time": timestamp(due), "wall_clock_time": timestamp(self.clock.now())},
            worker_may_ignore=True,
        )
        self.clock.skip_to(due)
