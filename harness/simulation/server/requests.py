"""The requests of clients, by the names of Temporal's gRPC service: each takes its message and returns the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from temporalio.api.enums.v1 import HistoryEventFilterType, QueryRejectCondition, TaskQueueKind
from temporalio.api.errordetails.v1 import QueryFailedFailure
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import WorkflowExecutionStartedEventAttributes
from temporalio.api.update.v1 import UpdateRef
from temporalio.api.workflowservice import v1 as api
from temporalio.service import RPCStatusCode

from harness.simulation.latency import HOP
from harness.simulation.messages import seconds, timestamp
from harness.simulation.refused import completed_already, not_found, refused
from harness.simulation.server.description import description
from harness.simulation.server.execution import ABOUT_TO_CLOSE, Execution
from harness.simulation.server.limits import NOT_READY
from harness.simulation.server.retries import complete
from harness.simulation.server.server import SimulatedServer
from harness.simulation.server.tasks import Token
from harness.simulation.server.updates import Update
from harness.simulation.unmodelled import Unmodelled
from harness.simulation.virtual_time import IN_THREAD

POLLS_FOR = 20.0
"""For how many seconds the server lets a client wait for news before it answers that there are none."""


class ClientRequests:
    """Answers requests to a server.

    Args:
        server: The server.
    """

    def __init__(self, server: SimulatedServer) -> None:
        self._server = server

    async def answer(self, rpc: str, request: Any) -> Any:
        """Answer a request after the time that it takes to come and go.

        Args:
            rpc: Its name, such as "start_workflow_execution".
            request: Its message.

        Raises:
            RPCError: The server refuses it.
            Unmodelled: A real server would answer it.
        """
        handler: Callable[[Any], Awaitable[Any]] | None = getattr(self, f"_{rpc}", None)
        hop = 0.0 if IN_THREAD.get() else HOP
        try:
            await asyncio.sleep(hop)
            return await (handler or self._unknown(rpc))(request)
        except Unmodelled as error:
            self._server.guard.gave_up(error)
            raise
        finally:
            await asyncio.sleep(hop)

    @staticmethod
    def _unknown(rpc: str) -> Callable[[Any], Awaitable[Any]]:
        raise Unmodelled(f"the request {rpc}")

    # --- of the server ---

    async def _get_system_info(self, _: Any) -> api.GetSystemInfoResponse:
        return api.GetSystemInfoResponse(server_version="simulated")

    async def _describe_namespace(self, request: Any) -> api.DescribeNamespaceResponse:
        answer = api.DescribeNamespaceResponse()
        answer.namespace_info.name = request.namespace
        return answer

    # --- starts ---

    async def _start_workflow_execution(self, request: Any) -> api.StartWorkflowExecutionResponse:
        before = self._server.latest(request.workflow_id)
        begun = self._start(request, eager=request.request_eager_execution)
        return api.StartWorkflowExecutionResponse(
            run_id=begun.run_id,
            first_execution_run_id=begun.started.first_execution_run_id,
            started=begun is not before,
            status=begun.status,
        )

    async def _signal_with_start_workflow_execution(self, request: Any) -> api.SignalWithStartWorkflowExecutionResponse:
        signal = _signal(request)
        running = self._server.open_chain(request.workflow_id, "")
        if running is not None:
            running.signal(signal)
            return api.SignalWithStartWorkflowExecutionResponse(run_id=running.run_id, started=False)
        begun = self._start(request, signal=signal)
        return api.SignalWithStartWorkflowExecutionResponse(run_id=begun.run_id, started=True)

    def _start(self, request: Any, *, signal: dict[str, Any] | None = None, eager: bool = False) -> Execution:
        for name in ("cron_schedule", "versioning_override", "workflow_start_delay", "completion_callbacks"):
            given = getattr(request, name, None)
            if given and (not hasattr(given, "ByteSize") or given.ByteSize()):
                raise Unmodelled(f"a start with {name}")
        unknown = set(request.search_attributes.indexed_fields) - {*self._server.search_attributes}
        if unknown:
            raise Unmodelled(f"search attributes that the server does not know ({', '.join(sorted(unknown))})")
        started = WorkflowExecutionStartedEventAttributes(
            workflow_type=request.workflow_type,
            task_queue=request.task_queue,
            input=request.input if request.HasField("input") else None,
            workflow_execution_timeout=_if_any(request.workflow_execution_timeout),
            workflow_run_timeout=_if_any(request.workflow_run_timeout),
            workflow_task_timeout=request.workflow_task_timeout,
            identity=request.identity,
            retry_policy=complete(request.retry_policy) if request.HasField("retry_policy") else None,
            attempt=1,
            memo=request.memo if request.HasField("memo") else None,
            search_attributes=request.search_attributes if request.HasField("search_attributes") else None,
            header=request.header if request.HasField("header") else None,
            workflow_id=request.workflow_id,
            priority=request.priority,
        )
        started.task_queue.kind = TaskQueueKind.TASK_QUEUE_KIND_NORMAL
        if "time_skipping_config" in request.DESCRIPTOR.fields_by_name and request.HasField("time_skipping_config"):
            started.time_skipping_config.CopyFrom(request.time_skipping_config)
        whole = seconds(request.workflow_execution_timeout)
        if whole:
            now = self._server.epoch + self._server.loop.time()
            started.workflow_execution_expiration_time.CopyFrom(timestamp(now + whole))
        return self._server.start(
            started,
            reuse=request.workflow_id_reuse_policy,
            conflict=request.workflow_id_conflict_policy,
            signal=signal,
            eager=eager,
        )

    # --- to one workflow ---

    async def _signal_workflow_execution(self, request: Any) -> api.SignalWorkflowExecutionResponse:
        self._open(request.workflow_execution).signal(_signal(request))
        return api.SignalWorkflowExecutionResponse()

    async def _request_cancel_workflow_execution(self, request: Any) -> api.RequestCancelWorkflowExecutionResponse:
        found = self._found_of_chain(request)
        # Whoever asks a closed workflow to cancel is answered as if it went on.
        if not found.closed:
            self._check_chain(found, request)
            found.request_cancel({"cause": request.reason, "identity": request.identity})
        return api.RequestCancelWorkflowExecutionResponse()

    async def _terminate_workflow_execution(self, request: Any) -> api.TerminateWorkflowExecutionResponse:
        details = request.details if request.HasField("details") else None
        found = self._found_of_chain(request)
        if found.closed:
            raise completed_already()
        self._check_chain(found, request)
        found.terminate(reason=request.reason, identity=request.identity, details=details)
        return api.TerminateWorkflowExecutionResponse()

    async def _query_workflow(self, request: Any) -> api.QueryWorkflowResponse:
        found = self._found(request.execution)
        if request.query_reject_condition > QueryRejectCondition.QUERY_REJECT_CONDITION_NONE:
            raise Unmodelled("a query with a condition under which it is rejected")
        result = await found.query(request.query)
        if isinstance(result, Failure):
            raise refused(RPCStatusCode.INVALID_ARGUMENT, result.message, QueryFailedFailure(failure=result))
        answer = api.QueryWorkflowResponse()
        answer.query_result.payloads.append(result)
        return answer

    async def _update_workflow_execution(self, request: Any) -> api.UpdateWorkflowExecutionResponse:
        found = self._found(request.workflow_execution)
        self._check_chain(found, request)
        # Whoever asks again gets the same answer, also when the workflow has closed meanwhile.
        update = found.updates.known(request.request.meta.update_id)
        if update is None:
            update = self._admitted(found, request.request)
        await update.reached(request.wait_policy.lifecycle_stage)
        return api.UpdateWorkflowExecutionResponse(
            update_ref=UpdateRef(workflow_execution=found.execution, update_id=request.request.meta.update_id),
            outcome=update.outcome,
            stage=update.stage,
        )

    async def _poll_workflow_execution_update(self, request: Any) -> api.PollWorkflowExecutionUpdateResponse:
        found = self._found(request.update_ref.workflow_execution)
        update: Update | None = found.updates.known(request.update_ref.update_id)
        if update is None:
            raise not_found(found.workflow_id)
        await update.reached(request.wait_policy.lifecycle_stage)
        return api.PollWorkflowExecutionUpdateResponse(
            outcome=update.outcome, stage=update.stage, update_ref=request.update_ref
        )

    async def _describe_workflow_execution(self, request: Any) -> api.DescribeWorkflowExecutionResponse:
        return description(self._found(request.execution))

    async def _get_workflow_execution_history(self, request: Any) -> api.GetWorkflowExecutionHistoryResponse:
        found = self._found(request.execution)
        seen = int(request.next_page_token.decode().rpartition(":")[2] or 0) if request.next_page_token else 0
        if request.next_page_token:
            run = self._server.execution(request.next_page_token.decode().partition(":")[0])
            found = run or found
        closing = request.history_event_filter_type == HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT
        until = self._server.loop.time() + POLLS_FOR
        while request.wait_new_event and not found.closed and (closing or len(found.history.events) == seen):
            left = until - self._server.loop.time()
            try:
                await asyncio.wait_for(found.change(), left)
            except TimeoutError:
                break
        answer = api.GetWorkflowExecutionHistoryResponse()
        events = found.history.events[seen:]
        if closing:
            events = events[-1:] if found.closed else []
        answer.history.events.extend(events)
        if request.wait_new_event and not found.closed:
            known = seen if closing else len(found.history.events)
            answer.next_page_token = f"{found.run_id}:{known}".encode()
        return answer

    # --- answers to activities, from outside their worker ---

    async def _record_activity_task_heartbeat(self, request: Any) -> api.RecordActivityTaskHeartbeatResponse:
        found, token = self._attempt(request.task_token)
        asked = found.activities.heartbeat(token, _given(request, "details"))
        return api.RecordActivityTaskHeartbeatResponse(cancel_requested=asked)

    async def _respond_activity_task_completed(self, request: Any) -> api.RespondActivityTaskCompletedResponse:
        found, token = self._attempt(request.task_token)
        found.activities.completed(token, _given(request, "result"), request.identity)
        found.settle()
        return api.RespondActivityTaskCompletedResponse()

    async def _respond_activity_task_failed(self, request: Any) -> api.RespondActivityTaskFailedResponse:
        found, token = self._attempt(request.task_token)
        found.activities.failed(token, request.failure, request.identity)
        found.settle()
        return api.RespondActivityTaskFailedResponse()

    async def _respond_activity_task_canceled(self, request: Any) -> api.RespondActivityTaskCanceledResponse:
        found, token = self._attempt(request.task_token)
        found.activities.canceled(token, _given(request, "details"), request.identity)
        found.settle()
        return api.RespondActivityTaskCanceledResponse()

    async def _respond_activity_task_completed_by_id(
        self, request: Any
    ) -> api.RespondActivityTaskCompletedByIdResponse:
        found, token = self._attempt_by_id(request)
        found.activities.completed(token, _given(request, "result"), request.identity)
        found.settle()
        return api.RespondActivityTaskCompletedByIdResponse()

    async def _respond_activity_task_failed_by_id(self, request: Any) -> api.RespondActivityTaskFailedByIdResponse:
        found, token = self._attempt_by_id(request)
        found.activities.failed(token, request.failure or Failure(), request.identity)
        found.settle()
        return api.RespondActivityTaskFailedByIdResponse()

    # --- what they share ---

    def _found(self, execution: Any) -> Execution:
        found = (
            self._server.execution(execution.run_id) if execution.run_id else self._server.latest(execution.workflow_id)
        )
        if found is None:
            raise not_found(execution.workflow_id)
        return found

    def _found_of_chain(self, request: Any) -> Execution:
        """Return the run that a request is for; the last one if it says with which run the workflow began."""
        asked = request.workflow_execution
        if not request.first_execution_run_id:
            return self._found(asked)
        found = self._server.latest(asked.workflow_id)
        if found is None:
            raise not_found(asked.workflow_id)
        return found

    @staticmethod
    def _check_chain(found: Execution, request: Any) -> None:
        """Refuse a request for a workflow that began with another run."""
        if request.first_execution_run_id not in {"", found.started.first_execution_run_id}:
            raise not_found(found.workflow_id)

    def _open(self, execution: Any) -> Execution:
        found = self._found(execution)
        if found.closed:
            raise completed_already()
        return found

    @staticmethod
    def _admitted(found: Execution, request: Any) -> Update:
        """Have a workflow take an update, unless a server would refuse it or have it wait."""
        if found.closed:
            raise completed_already()
        if found.tasks.attempt >= NOT_READY:
            raise Unmodelled("an update of a workflow whose tasks fail")
        if found.tasks.closing:
            raise Unmodelled(ABOUT_TO_CLOSE)
        return found.updates.admit(request)

    def _attempt(self, task_token: bytes) -> tuple[Execution, Token]:
        token = read_token(task_token)
        found = self._server.execution(token[0])
        if found is None or found.closed:
            raise completed_already()
        return found, token

    def _attempt_by_id(self, request: Any) -> tuple[Execution, Token]:
        found = self._server.execution(request.run_id) or self._server.latest(request.workflow_id)
        activity = None if found is None else found.activities.with_id(request.activity_id)
        if found is None or activity is None:
            raise not_found(request.workflow_id)
        return found, found.activities.token(activity)


def task_token(token: Token) -> bytes:
    """Return a token in the form in which workers and clients have it."""
    return ":".join(map(str, token)).encode()


def read_token(given: bytes) -> Token:
    """Return the token that `task_token` made that form of."""
    run_id, scheduled_id, attempt = given.decode().rsplit(":", 2)
    return run_id, int(scheduled_id), int(attempt)


def _signal(request: Any) -> dict[str, Any]:
    return {
        "signal_name": request.signal_name,
        "input": request.signal_input
        if "signal_input" in request.DESCRIPTOR.fields_by_name
        else _given(request, "input"),
        "identity": request.identity,
        "header": _given(request, "header"),
        "request_id": request.request_id,
    }


def _given(request: Any, name: str) -> Any:
    return getattr(request, name) if request.HasField(name) else None


def _if_any(length: Any) -> Any:
    return length if seconds(length) else None
