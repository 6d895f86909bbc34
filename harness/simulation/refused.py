"""What the simulated server answers to a request that it refuses: the error that the SDK's client raises for that."""

from __future__ import annotations

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from temporalio.api.common.v1 import GrpcStatus
from temporalio.service import RPCError, RPCStatusCode


def refused(code: RPCStatusCode, text: str, detail: Message | None = None) -> RPCError:
    """Return the error for a request that is refused.

    Args:
        code: Why.
        text: The same in words.
        detail: What else a real server says.
    """
    status = GrpcStatus(code=code, message=text)
    if detail is not None:
        packed = AnyMessage()
        packed.Pack(detail)
        status.details.append(packed)
    return RPCError(text, code, status.SerializeToString())


def not_found(workflow_id: str) -> RPCError:
    """Return the error for a request to a workflow that does not exist."""
    return refused(RPCStatusCode.NOT_FOUND, f"workflow not found for ID: {workflow_id}")


def completed_already() -> RPCError:
    """Return the error for a request to a workflow that has closed."""
    return refused(RPCStatusCode.NOT_FOUND, "workflow execution already completed")
