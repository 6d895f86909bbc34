"""What the parts of an execution may use of the execution that they belong to, and of its server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any, Protocol

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import WorkflowExecutionStatus, WorkflowIdReusePolicy
from temporalio.api.history.v1 import WorkflowExecutionStartedEventAttributes

from harness.simulation.server.execution_clock import ExecutionClock
from harness.simulation.server.history import WrittenHistory
from harness.simulation.server.tasks import TaskAnswer, Worker
from harness.simulation.unmodelled import UnmodelledGuard


class Home(Protocol):
    """The server that an execution is on.

    Attributes:
        loop: Whose time passes.
        namespace: Its namespace.
        namespace_id: The id of that.
        search_attributes: The search attributes that it knows.
        guard: Hands over what is not modelled.
    """

    guard: UnmodelledGuard
    loop: asyncio.AbstractEventLoop
    namespace: str
    namespace_id: str
    search_attributes: Collection[str]

    def worker_of(self, task_queue: str) -> Worker | None:
        """Return the worker that polls a task queue."""

    def waiting_for_worker(self, task_queue: str, begin: Callable[[], None]) -> None:
        """Have something done once a worker polls a task queue."""

    def execution(self, run_id: str) -> ExecutionView | None:
        """Return a run."""

    def open_chain(self, workflow_id: str, run_id: str) -> ExecutionView | None:
        """Return the open run of a workflow."""

    def new_run_id(self) -> str:
        """Return the id of a run that is about to begin."""

    def start_child(
        self,
        started: WorkflowExecutionStartedEventAttributes,
        *,
        reuse: WorkflowIdReusePolicy.ValueType,
        latency: float,
        skipped: float,
    ) -> str:
        """Start a child workflow, and return its run."""

    def go_on(self, before: ExecutionView, started: WorkflowExecutionStartedEventAttributes, run_id: str) -> None:
        """Begin the run as which an execution goes on."""


class ExecutionView(Protocol):
    """An execution, as its parts and those of others see it.

    Attributes:
        server: Where it runs.
        run_id: Its run id.
        workflow_id: Its id.
        task_queue: Where its tasks go.
        started: The attributes of its first event.
        clock: Its time.
        history: Its history.
    """

    server: Home
    run_id: str
    workflow_id: str
    task_queue: str
    started: WorkflowExecutionStartedEventAttributes
    clock: ExecutionClock
    history: WrittenHistory

    @property
    def closed(self) -> bool:
        """Whether it has ended."""

    @property
    def execution(self) -> WorkflowExecution:
        """Its ids."""

    @property
    def root(self) -> WorkflowExecution:
        """The workflow that its whole family was started with."""

    def happened(self, name: str, attributes: Any, *, at: float | None = None) -> None:
        """Write an event that the workflow hears of in its next task."""

    def noted(self, name: str, attributes: Any, *, at: float | None = None) -> None:
        """Write an event that comes just before another one, of which the workflow hears."""

    def signal(self, attributes: dict[str, Any]) -> None:
        """Take a signal."""

    def request_cancel(self, attributes: dict[str, Any]) -> None:
        """Take a request to cancel."""

    def terminate(self, *, reason: str, identity: str) -> None:
        """End it from outside."""

    def child_ended(self, initiated_id: int, run_id: str, name: str, attributes: dict[str, Any]) -> None:
        """Let it hear that a child has ended."""

    def task_for_update(self) -> None:
        """Have a task done in which its worker is asked for an update."""

    def ended(self, status: WorkflowExecutionStatus.ValueType, *, goes_on: bool) -> None:
        """Take note that it has ended: its last event is written.

        Args:
            status: How.
            goes_on: Whether another run follows.
        """

    def obey(self, answer: TaskAnswer, completed_id: int) -> None:
        """Do what a worker asks for in its answer to a workflow task."""

    def must_redo(self, answer: TaskAnswer) -> bool:
        """Whether a worker wants to close the workflow although something has happened that it does not know of."""

    def settle(self) -> None:
        """Let everybody know that something has happened."""
