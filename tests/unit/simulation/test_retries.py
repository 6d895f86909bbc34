"""Whether a failed attempt is followed by another, as a retry policy says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.api.common.v1 import RetryPolicy
from temporalio.api.enums.v1 import RetryState, TimeoutType
from temporalio.api.failure.v1 import Failure

from harness.simulation.messages import duration, seconds, timeout_failure
from harness.simulation.server.retries import Again, again, complete

NOW = 1000.0


def failure(kind: str = "Broken", *, non_retryable: bool = False, delay: float = 0) -> Failure:
    """A failure of the application's."""
    made = Failure(message="broken")
    made.application_failure_info.type = kind
    made.application_failure_info.non_retryable = non_retryable
    if delay:
        made.application_failure_info.next_retry_delay.FromTimedelta(timedelta(seconds=delay))
    return made


def decide(
    policy: RetryPolicy | None = None, *, of: Failure | None = None, attempt: int = 1, expires: float | None = None
) -> Again:
    """What a policy says of a failed attempt."""
    return again(complete(policy or RetryPolicy()), attempt=attempt, failure=of or failure(), now=NOW, expires=expires)


def test_a_policy_that_says_nothing_has_the_server_s_defaults() -> None:
    """One second, twice as long each time, a hundred times as long at most, without end."""
    policy = complete(RetryPolicy())

    assert (seconds(policy.initial_interval), policy.backoff_coefficient, seconds(policy.maximum_interval)) == (
        1,
        2,
        100,
    )
    assert policy.maximum_attempts == 0


@pytest.mark.parametrize(("attempt", "backoff"), [(1, 1), (2, 2), (3, 4), (8, 100), (20, 100)])
def test_each_wait_is_longer_than_the_one_before(attempt: int, backoff: float) -> None:
    """Up to the longest."""
    assert decide(attempt=attempt) == Again(RetryState.RETRY_STATE_IN_PROGRESS, backoff)


def test_a_failure_can_say_when_it_is_tried_again() -> None:
    """It knows better than the policy."""
    assert decide(of=failure(delay=7)).backoff == 7


@pytest.mark.parametrize(
    ("policy", "of", "attempt", "expires", "state"),
    [
        (None, failure(non_retryable=True), 1, None, RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE),
        (
            RetryPolicy(non_retryable_error_types=["Broken"]),
            failure(),
            1,
            None,
            RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE,
        ),
        (
            None,
            timeout_failure("late", TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START),
            1,
            None,
            RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE,
        ),
        (
            RetryPolicy(non_retryable_error_types=["TemporalTimeout:StartToClose"]),
            timeout_failure("late", TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE),
            1,
            None,
            RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE,
        ),
        (RetryPolicy(maximum_attempts=3), failure(), 3, None, RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED),
        (None, failure(), 1, NOW + 0.9, RetryState.RETRY_STATE_TIMEOUT),
    ],
    ids=[
        "non-retryable",
        "by its type",
        "a timeout that is no attempt's",
        "a timeout by its name",
        "the last attempt",
        "no time left",
    ],
)
def test_why_there_is_no_further_attempt(
    policy: RetryPolicy | None, of: Failure, attempt: int, expires: float | None, state: RetryState.ValueType
) -> None:
    """In the server's own terms, which the workflow's code can read."""
    assert decide(policy, of=of, attempt=attempt, expires=expires) == Again(state)


def test_an_attempt_that_timed_out_is_tried_again() -> None:
    """One of start-to-close or of heartbeats is an attempt's own."""
    assert decide(of=timeout_failure("late", TimeoutType.TIMEOUT_TYPE_HEARTBEAT)).tries


def test_durations_are_the_same_in_both_forms() -> None:
    """To the nanosecond."""
    assert seconds(duration(12.000000001)) == pytest.approx(12.000000001, abs=1e-9)
