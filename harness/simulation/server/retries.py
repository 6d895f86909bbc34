"""Whether something that failed is tried again, and after how long, as a retry policy says."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio.api.common.v1 import RetryPolicy
from temporalio.api.enums.v1 import RetryState, TimeoutType
from temporalio.api.failure.v1 import Failure

from harness.simulation.messages import duration, seconds

TIMEOUTS = {
    TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE: "TemporalTimeout:StartToClose",
    TimeoutType.TIMEOUT_TYPE_HEARTBEAT: "TemporalTimeout:Heartbeat",
}
"""The timeouts after which there may be another attempt, by the names under which a policy refuses that."""


@dataclass(frozen=True)
class Again:
    """What a retry policy says.

    Attributes:
        state: Whether there is another attempt, and if not, why.
        backoff: After how many seconds.
    """

    state: RetryState.ValueType
    backoff: float = 0.0

    @property
    def tries(self) -> bool:
        """Whether there is another attempt."""
        return self.state == RetryState.RETRY_STATE_IN_PROGRESS


def complete(policy: RetryPolicy) -> RetryPolicy:
    """Return a policy with the server's defaults where it says nothing."""
    found = RetryPolicy()
    found.CopyFrom(policy)
    if not seconds(found.initial_interval):
        found.initial_interval.CopyFrom(duration(1.0))
    if not found.backoff_coefficient:
        found.backoff_coefficient = 2.0
    if not seconds(found.maximum_interval):
        found.maximum_interval.CopyFrom(duration(100 * seconds(found.initial_interval)))
    return found


def again(policy: RetryPolicy, *, attempt: int, failure: Failure, now: float, expires: float | None) -> Again:
    """Return what a policy says of a failed attempt.

    Args:
        policy: The complete policy.
        attempt: Which attempt failed, from 1.
        failure: With what.
        now: The time.
        expires: By when the last attempt must begin; None for no such time.
    """
    if _refuses(policy, failure):
        return Again(RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE)
    if policy.maximum_attempts and attempt >= policy.maximum_attempts:
        return Again(RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED)
    backoff = min(
        seconds(policy.initial_interval) * policy.backoff_coefficient ** (attempt - 1),
        seconds(policy.maximum_interval),
    )
    if failure.application_failure_info.HasField("next_retry_delay"):
        backoff = seconds(failure.application_failure_info.next_retry_delay)
    if expires is not None and now + backoff > expires:
        return Again(RetryState.RETRY_STATE_TIMEOUT)
    return Again(RetryState.RETRY_STATE_IN_PROGRESS, backoff)


def _refuses(policy: RetryPolicy, failure: Failure) -> bool:
    kind = failure.WhichOneof("failure_info")
    if kind in {"terminated_failure_info", "canceled_failure_info"}:
        return True
    if kind == "timeout_failure_info":
        name = TIMEOUTS.get(failure.timeout_failure_info.timeout_type)
        return name is None or name in policy.non_retryable_error_types
    if kind == "server_failure_info":
        return failure.server_failure_info.non_retryable
    if kind == "application_failure_info":
        info = failure.application_failure_info
        return info.non_retryable or info.type in policy.non_retryable_error_types
    return False
