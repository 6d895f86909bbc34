"""Times, durations and failures as Temporal's messages have them."""

from __future__ import annotations

from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.enums.v1 import TimeoutType
from temporalio.api.failure.v1 import Failure

NANOS = 1_000_000_000


def seconds(duration: Duration) -> float:
    """Return a duration in seconds; 0 for one that is not set."""
    return float(duration.seconds) + float(duration.nanos) / NANOS


def duration(length: float) -> Duration:
    """Return a number of seconds as a message."""
    nanos = round(length * NANOS)
    return Duration(seconds=nanos // NANOS, nanos=nanos % NANOS)


def timestamp(at: float) -> Timestamp:
    """Return a time in seconds since the epoch as a message."""
    nanos = round(at * NANOS)
    return Timestamp(seconds=nanos // NANOS, nanos=nanos % NANOS)


def timeout_failure(message: str, kind: TimeoutType.ValueType, *, cause: Failure | None = None) -> Failure:
    """Return the failure with which the server reports a timeout."""
    failure = Failure(message=message, source="Server")
    failure.timeout_failure_info.timeout_type = kind
    if cause is not None:
        failure.cause.CopyFrom(cause)
    return failure


def is_set(message: Any, name: str) -> bool:
    """Whether a field of a message is set to something."""
    return bool(message.HasField(name))
