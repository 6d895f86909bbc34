"""Works on state that is larger than a payload may be, and has it compressed on its way by its payload codec."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.compression.activities import Fetch, StateActivities


@dataclass(frozen=True)
class Patience:
    """How long the workflow tolerates with a database that fails. The defaults are meant for production.

    Attributes:
        attempts: In all.
        first_wait: Before the second attempt; doubles with each further one.
        answer_within: For one request. Below `attempt_within`.
        attempt_within: An attempt's start_to_close.
    """

    attempts: int = 5
    first_wait: timedelta = timedelta(seconds=1)
    answer_within: timedelta = timedelta(minutes=4)
    attempt_within: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Wanted:
    """What to work on.

    Attributes:
        dataset: Which data set.
        patience: How long to bear with a failing database.
    """

    dataset: str
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Summary:
    """What came of it."""

    status: str
    records: int
    cents: int


@workflow.defn
class KeepLargeState:
    """Holds the state in an attribute, as it is: an attribute is never transferred (PAY-006)."""

    def __init__(self) -> None:
        self._state: list[dict[str, Any]] = []

    @workflow.run
    async def run(self, wanted: Wanted) -> Summary:
        """Load the state, and have it added up: it goes through the history twice."""
        patience = wanted.patience
        retries = RetryPolicy(
            initial_interval=patience.first_wait,
            maximum_attempts=patience.attempts,
            # A result that is too large is so the next time, too; it would be made for ever (PAY-002).
            non_retryable_error_types=["PayloadsTooLarge"],
        )
        self._state = await workflow.execute_activity_method(
            StateActivities.load_large_state,
            Fetch(dataset=wanted.dataset, answer_within=patience.answer_within),
            start_to_close_timeout=patience.attempt_within,
            retry_policy=retries,
        )
        cents = await workflow.execute_activity_method(
            StateActivities.add_up, self._state, start_to_close_timeout=patience.attempt_within, retry_policy=retries
        )
        return Summary(status="complete", records=len(self._state), cents=cents)
