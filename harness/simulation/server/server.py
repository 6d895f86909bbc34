"""The simulated Temporal server: its executions, and the workers that poll its task queues."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from uuid import uuid4

from temporalio.api.enums.v1 import WorkflowExecutionStatus as Status
from temporalio.api.enums.v1 import WorkflowIdConflictPolicy as Conflict
from temporalio.api.enums.v1 import WorkflowIdReusePolicy as Reuse
from temporalio.api.errordetails.v1 import WorkflowExecutionAlreadyStartedFailure
from temporalio.api.history.v1 import WorkflowExecutionStartedEventAttributes
from temporalio.service import RPCError, RPCStatusCode

from harness.simulation.messages import duration, seconds
from harness.simulation.refused import refused
from harness.simulation.server.execution import Execution
from harness.simulation.server.owner import ExecutionView
from harness.simulation.server.tasks import Worker
from harness.simulation.unmodelled import Unmodelled, UnmodelledGuard

KNOWN_ATTRIBUTES = frozenset({"TemporalChangeVersion", "BuildIds"})
"""The search attributes that every server knows, as far as workflows set them."""

FAILED = frozenset(
    {
        Status.WORKFLOW_EXECUTION_STATUS_FAILED,
        Status.WORKFLOW_EXECUTION_STATUS_CANCELED,
        Status.WORKFLOW_EXECUTION_STATUS_TERMINATED,
        Status.WORKFLOW_EXECUTION_STATUS_TIMED_OUT,
    }
)
"""How an execution has failed, to whoever wants its id used again only then."""

TASK_TIMEOUT = 10.0
"""How many seconds a workflow task may take by default."""


class SimulatedServer:
    """A Temporal server with one namespace, in an event loop.

    Args:
        namespace: Its namespace.
        search_attributes: The search attributes that it knows.
        gave_up: Receives what is not modelled, when that comes up.

    Attributes:
        loop: Whose time passes.
        epoch: The time since the epoch at which the loop's time was 0.
        guard: Hands over what is not modelled.
    """

    def __init__(
        self,
        *,
        namespace: str = "default",
        search_attributes: Collection[str] = (),
        gave_up: Callable[[Unmodelled], None] = lambda _: None,
    ) -> None:
        self.guard = UnmodelledGuard(gave_up)
        self.loop = asyncio.get_running_loop()
        self.epoch = time.time() - self.loop.time()
        self.namespace = namespace
        self.namespace_id = str(uuid4())
        self.search_attributes: Collection[str] = KNOWN_ATTRIBUTES | frozenset(search_attributes)
        self._executions: dict[str, Execution] = {}
        self._latest: dict[str, str] = {}
        self._workers: dict[str, Worker] = {}
        self._waiting: dict[str, list[Callable[[], None]]] = {}

    # --- workers ---

    def polls(self, task_queue: str, worker: Worker) -> None:
        """Note that a worker polls a task queue."""
        self._workers[task_queue] = worker
        for begin in self._waiting.pop(task_queue, []):
            begin()

    def polls_no_more(self, task_queue: str) -> None:
        """Note that nobody polls a task queue any more."""
        self._workers.pop(task_queue, None)

    def worker_of(self, task_queue: str) -> Worker | None:
        """Return the worker that polls a task queue."""
        return self._workers.get(task_queue)

    def waiting_for_worker(self, task_queue: str, begin: Callable[[], None]) -> None:
        """Have something done once a worker polls a task queue."""
        self._waiting.setdefault(task_queue, []).append(begin)

    # --- executions ---

    def execution(self, run_id: str) -> Execution | None:
        """Return a run."""
        return self._executions.get(run_id)

    def latest(self, workflow_id: str) -> Execution | None:
        """Return the last run of a workflow."""
        return self._executions.get(self._latest.get(workflow_id, ""))

    def open_chain(self, workflow_id: str, run_id: str) -> Execution | None:
        """Return the open run of a workflow; None if it has closed, or is not of the chain that a run belongs to."""
        found = self.latest(workflow_id)
        if found is None or found.closed:
            return None
        chain = {found.run_id, found.started.first_execution_run_id, found.started.continued_execution_run_id}
        return found if not run_id or run_id in chain else None

    def new_run_id(self) -> str:
        """Return the id of a run that is about to begin."""
        return str(uuid4())

    def start(
        self,
        started: WorkflowExecutionStartedEventAttributes,
        *,
        reuse: Reuse.ValueType = Reuse.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
        conflict: Conflict.ValueType = Conflict.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
        signal: dict[str, object] | None = None,
        eager: bool = False,
        latency: float | None = None,
        skipped: float = 0.0,
    ) -> Execution:
        """Start a workflow, or return the one that runs already where the policy wants that.

        Args:
            started: The attributes of its first event; what the server decides is added to them.
            reuse: What to do where one of that id has closed.
            conflict: What to do where one of that id runs.
            signal: The attributes of a signal that it is started with.
            eager: Whether whoever starts it takes the first task along.
            latency: As of `Execution.begin`.
            skipped: How many seconds its clock is ahead already.

        Raises:
            RPCError: The id is in use, and the policies do not allow it.
        """
        before = self.latest(started.workflow_id)
        if before is not None:
            existing = self._existing(before, reuse, conflict)
            if existing is not None:
                return existing
        run_id = self.new_run_id()
        started.original_execution_run_id = run_id
        started.first_execution_run_id = run_id
        return self._begun(started, run_id, signal=signal, eager=eager, latency=latency, skipped=skipped)

    def start_child(
        self,
        started: WorkflowExecutionStartedEventAttributes,
        *,
        reuse: Reuse.ValueType,
        latency: float,
        skipped: float,
    ) -> str:
        """Start a child workflow, and return its run; arguments as of `start`."""
        return self.start(started, reuse=reuse, latency=latency, skipped=skipped).run_id

    def go_on(self, before: ExecutionView, started: WorkflowExecutionStartedEventAttributes, run_id: str) -> None:
        """Begin the run as which an execution goes on."""
        started.original_execution_run_id = run_id
        self._begun(started, run_id, skipped=before.clock.skipped)

    def clear(self) -> None:
        """Forget all executions."""
        for one in self._executions.values():
            one.clock.stop()
            worker = self.worker_of(one.task_queue)
            if worker is not None and worker.knows(one.run_id):
                worker.forget(one.run_id)
        self._executions.clear()
        self._latest.clear()
        self._waiting.clear()

    def _begun(
        self,
        started: WorkflowExecutionStartedEventAttributes,
        run_id: str,
        *,
        signal: dict[str, object] | None = None,
        eager: bool = False,
        latency: float | None = None,
        skipped: float = 0.0,
    ) -> Execution:
        run, whole = seconds(started.workflow_run_timeout), seconds(started.workflow_execution_timeout)
        if whole and (not run or run > whole):
            started.workflow_run_timeout.CopyFrom(duration(whole))
            run = whole
        task = seconds(started.workflow_task_timeout) or TASK_TIMEOUT
        started.workflow_task_timeout.CopyFrom(duration(min(task, run) if run else task))
        if not started.HasField("first_workflow_task_backoff"):
            started.first_workflow_task_backoff.SetInParent()
        execution = Execution(self, run_id=run_id, started=started, epoch=self.epoch, skipped=skipped)
        self._executions[run_id] = execution
        self._latest[started.workflow_id] = run_id
        execution.begin(signal=signal, eager=eager, latency=latency)
        return execution

    def _existing(self, before: Execution, reuse: Reuse.ValueType, conflict: Conflict.ValueType) -> Execution | None:
        if not before.closed:
            if reuse == Reuse.WORKFLOW_ID_REUSE_POLICY_TERMINATE_IF_RUNNING or (
                conflict == Conflict.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING
            ):
                before.terminate(reason="TerminateIfRunning WorkflowIdReusePolicy Policy", identity="history-service")
                return None
            if conflict == Conflict.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING:
                return before
            raise _already_started(before, "Workflow execution is already running.")
        if reuse == Reuse.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE:
            raise _already_started(before, "Workflow execution already finished.")
        if reuse == Reuse.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY and before.status not in FAILED:
            raise _already_started(before, "Workflow execution already finished successfully.")
        return None


def _already_started(before: Execution, text: str) -> RPCError:
    detail = WorkflowExecutionAlreadyStartedFailure(start_request_id="", run_id=before.run_id)
    return refused(
        RPCStatusCode.ALREADY_EXISTS, f"{text} WorkflowId: {before.workflow_id}, RunId: {before.run_id}.", detail
    )
