"""Updates that clients send to a workflow: its worker is asked with a task, and rejects, or accepts and completes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from google.protobuf.any_pb2 import Any as AnyMessage
from temporalio.api.enums.v1 import UpdateWorkflowExecutionLifecycleStage as Stage
from temporalio.api.failure.v1 import Failure
from temporalio.api.protocol.v1 import Message
from temporalio.api.update.v1 import Acceptance, Outcome, Rejection, Request, Response
from temporalio.service import RPCError

from harness.simulation.refused import completed_already
from harness.simulation.server.limits import UPDATES
from harness.simulation.server.owner import ExecutionView
from harness.simulation.server.tasks import TaskAnswer
from harness.simulation.unmodelled import Unmodelled

ADMITTED = Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ADMITTED
ACCEPTED = Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED
COMPLETED = Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED


@dataclass(eq=False)
class Update:
    """One update.

    Attributes:
        request: What a client asks for.
        stage: How far it has come.
        asked: Whether the worker has it.
        accepted_id: The event of its acceptance.
        outcome: What came of it.
        refused: Why nothing can come of it any more.
    """

    request: Request
    stage: Stage.ValueType = ADMITTED
    asked: bool = False
    accepted_id: int = 0
    outcome: Outcome | None = None
    refused: RPCError | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def reached(self, stage: Stage.ValueType) -> None:
        """Return when it has come so far.

        Raises:
            RPCError: Its workflow has closed.
        """
        while self.stage < stage and self.refused is None:
            await self._news.wait()
        if self.refused is not None:
            raise self.refused

    def goes_on(self) -> None:
        """Let everybody know that it has come further."""
        self._news.set()
        self._news = asyncio.Event()


class Updates:
    """The updates of one execution.

    Args:
        execution: Which.
    """

    def __init__(self, execution: ExecutionView) -> None:
        self._execution = execution
        self._known: dict[str, Update] = {}

    @property
    def waiting(self) -> bool:
        """Whether an update waits for a task to be asked with."""
        return any(one.stage == ADMITTED and not one.asked for one in self._known.values())

    @property
    def unasked(self) -> bool:
        """Whether the worker does not know of an update yet."""
        return self.waiting

    def admit(self, request: Request) -> Update:
        """Take an update from a client."""
        if sum(one.stage < COMPLETED for one in self._known.values()) >= UPDATES:
            raise Unmodelled(f"more than {UPDATES} updates of one workflow in flight")
        self._known[request.meta.update_id] = update = Update(request)
        self._execution.task_for_update()
        self._execution.settle()
        return update

    def known(self, update_id: str) -> Update | None:
        """Return the update with that id; a server forgets those that were rejected."""
        return self._known.get(update_id)

    def requests(self, sequencing_id: int) -> list[Message]:
        """Return the updates that the worker is asked for with a task, and note that it is."""
        found = []
        for update_id, update in self._known.items():
            if update.stage == ADMITTED:
                update.asked = True
                body = AnyMessage()
                body.Pack(update.request)
                found.append(
                    Message(
                        id=f"{update_id}/request", protocol_instance_id=update_id, event_id=sequencing_id, body=body
                    )
                )
        return found

    def ask_again(self) -> None:
        """Have the worker asked again: it could not do the task."""
        for update in self._known.values():
            update.asked = update.asked and update.stage != ADMITTED

    def only_rejected(self, answer: TaskAnswer) -> bool:
        """Whether a worker did nothing but reject updates, or had nothing to do at all."""
        return not answer.commands and all(_is(one, Rejection) for one in answer.messages)

    def answered_by(self, messages: Sequence[Message]) -> None:
        """Take the rejections among a worker's messages, of which nothing is written."""
        self.reject(messages)

    def reject(self, messages: Iterable[Message]) -> None:
        """Take the rejections among a worker's messages."""
        for message in messages:
            update = self._known.get(message.protocol_instance_id)
            if _is(message, Rejection) and update is not None and update.stage == ADMITTED:
                rejection = Rejection()
                message.body.Unpack(rejection)
                update.outcome = Outcome(failure=rejection.failure)
                update.stage = COMPLETED
                update.goes_on()
                del self._known[message.protocol_instance_id]

    def take(self, message: Message) -> None:
        """Write that an update was accepted or completed."""
        update = self._known[message.protocol_instance_id]
        if _is(message, Acceptance):
            acceptance = Acceptance()
            message.body.Unpack(acceptance)
            event = self._execution.history.write(
                "workflow_execution_update_accepted",
                {
                    "protocol_instance_id": message.protocol_instance_id,
                    "accepted_request_message_id": acceptance.accepted_request_message_id,
                    "accepted_request_sequencing_event_id": acceptance.accepted_request_sequencing_event_id,
                    "accepted_request": update.request,
                },
            )
            update.accepted_id, update.stage = event.event_id, ACCEPTED
        elif _is(message, Response):
            response = Response()
            message.body.Unpack(response)
            self._execution.history.write(
                "workflow_execution_update_completed",
                {"meta": update.request.meta, "outcome": response.outcome, "accepted_event_id": update.accepted_id},
            )
            update.outcome, update.stage = response.outcome, COMPLETED
        update.goes_on()

    def closed(self, *, goes_on: bool) -> None:
        """End all that are open: the execution has closed.

        Args:
            goes_on: Whether another run follows.
        """
        for update in self._known.values():
            if update.stage == ADMITTED:
                if goes_on:
                    # A server sends it to the new run, after a while.
                    raise Unmodelled("an update that comes as its workflow goes on as a new run")
                update.refused = completed_already()
            elif update.stage == ACCEPTED:
                failure = Failure(
                    message="Workflow Update failed because the Workflow completed before the Update completed.",
                )
                failure.application_failure_info.type = "AcceptedUpdateCompletedWorkflow"
                failure.application_failure_info.non_retryable = True
                update.outcome, update.stage = Outcome(failure=failure), COMPLETED
            update.goes_on()


def _is(message: Message, kind: type) -> bool:
    return bool(message.body.Is(kind.DESCRIPTOR))  # type: ignore[attr-defined]  # each message has one
