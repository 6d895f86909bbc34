"""An update that a client sent to a workflow, while the workflow's code handles it."""

from __future__ import annotations

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message as AnyProto
from temporalio.api.command.v1 import ProtocolMessageCommandAttributes
from temporalio.api.common.v1 import Payloads
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.protocol.v1 import Message
from temporalio.api.update.v1 import Acceptance, Outcome, Rejection, Request, Response

from harness.library_internals.core_messages import (
    DoUpdate,
    UpdateResponse,
    WorkflowActivationJob,
)
from harness.simulation.core.machine import Reaction, StateMachine, command


class UpdateMachine(StateMachine):
    """One update.

    Args:
        message_id: The id of the message that asks for it.
        update_id: Its id.
        sequencing_id: The event behind which it came.
        request: What the client asks for.
    """

    def __init__(self, message_id: str, update_id: str, sequencing_id: int, request: Request) -> None:
        self._message_id = message_id
        self._update_id = update_id
        self._sequencing_id = sequencing_id
        self._request = request
        self._accepted = False

    def job(self, *, replaying: bool) -> WorkflowActivationJob:
        """Return what the workflow hears."""
        request = self._request
        return WorkflowActivationJob(
            do_update=DoUpdate(
                id=request.meta.update_id,
                protocol_instance_id=self._update_id,
                name=request.input.name,
                input=request.input.args.payloads,
                headers=request.input.header.fields,
                meta=request.meta,
                run_validator=not replaying,
            )
        )

    def answered(self, response: UpdateResponse) -> tuple[Message, Reaction]:
        """Return the message with the workflow's answer, and the command that goes with it."""
        if response.HasField("accepted"):
            self._accepted = True
            body: AnyProto = Acceptance(
                accepted_request_message_id=self._message_id,
                accepted_request_sequencing_event_id=self._sequencing_id,
                accepted_request=self._request,
            )
            return self._message("accept", body)
        if response.HasField("rejected") and not self._accepted:
            rejection = Rejection(
                rejected_request_message_id=self._message_id,
                rejected_request_sequencing_event_id=self._sequencing_id,
                rejected_request=self._request,
                failure=response.rejected,
            )
            return self._message("reject", rejection)[0], Reaction()
        outcome = Outcome()
        if response.HasField("rejected"):
            outcome.failure.CopyFrom(response.rejected)
        else:
            outcome.success.CopyFrom(Payloads(payloads=[response.completed]))
        return self._message("complete", Response(meta=self._request.meta, outcome=outcome))

    def recorded(self, event: HistoryEvent) -> None:
        """Take the event that it was accepted or completed."""

    def _message(self, what: str, content: AnyProto) -> tuple[Message, Reaction]:
        body = AnyMessage()
        body.Pack(content)
        message = Message(id=f"{self._message_id}/{what}", protocol_instance_id=self._update_id, body=body)
        attributes = ProtocolMessageCommandAttributes(message_id=message.id)
        return message, Reaction(commands=((command("protocol_message", attributes), self),))
