"""Closes a month within limits: a quick call, a long batch and a job for a pool of printers, each with its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.timeouts.activities import BooksActivities, Task


@dataclass(frozen=True)
class Limits:
    """How long an activity may take, in five ways.

    Attributes:
        attempt: One attempt, from its start to its end (start_to_close). When it is over, there is another attempt.
        in_all: All attempts and the waits between them (schedule_to_close). When it is over, that was it.
        answer_within: One request. Below `attempt`, and below `silence`: an attempt that ends by itself leaves
            nobody behind who goes on, and says why.
        silence: Between two heartbeats (heartbeat). Another attempt follows; it is how a lost worker is noticed.
        start_within: Until a worker takes it, each attempt anew (schedule_to_start). No other attempt follows: it
            says that nobody is there, which trying again would not change.
        attempts: How many at most; 0 for as many as `in_all` has room for.
        first_wait: Before the second attempt; doubles with each further one, up to a hundred times as long.
    """

    attempt: timedelta
    in_all: timedelta
    answer_within: timedelta
    silence: timedelta | None = None
    start_within: timedelta | None = None
    attempts: int = 0
    first_wait: timedelta = timedelta(seconds=1)


# Five attempts of 5 s and the waits between them, 1, 2, 4 and 8 s, are 40 s: with less in all, the last is never made.
QUICK = Limits(
    attempt=timedelta(seconds=5), in_all=timedelta(seconds=45), answer_within=timedelta(seconds=4), attempts=5
)
LONG = Limits(
    attempt=timedelta(minutes=30),
    in_all=timedelta(hours=2),
    answer_within=timedelta(seconds=20),
    silence=timedelta(seconds=30),
)
POOLED = Limits(
    attempt=timedelta(seconds=10),
    in_all=timedelta(minutes=10),
    answer_within=timedelta(seconds=4),
    start_within=timedelta(minutes=5),
)


@dataclass(frozen=True)
class Month:
    """What to close.

    Attributes:
        name: Which month.
        entries: How many entries it has.
        printers: The task queue of the workers that print; None for the workflow's own.
        approved: Whether it may be printed; if not, it waits for the signal `approve`, for ever.
        rate: The limits of the quick call.
        post: The limits of the long batch.
        print: The limits of the printers' job.
    """

    name: str
    entries: int = 3
    printers: str | None = None
    approved: bool = True
    rate: Limits = QUICK
    post: Limits = LONG
    print: Limits = POOLED


@dataclass(frozen=True)
class Closed:
    """What became of a month."""

    rate: float
    posted: int
    statement: str


@workflow.defn
class CloseMonth:
    """Fetches the rate, posts the entries and has the statement printed; fails with the first that time ends."""

    def __init__(self) -> None:
        self._approved = False

    @workflow.run
    async def run(self, month: Month) -> Closed:
        """Close the month."""
        self._approved = self._approved or month.approved
        rate = await workflow.execute_activity_method(
            BooksActivities.get_rate,
            self._task("rate", month, month.rate),
            start_to_close_timeout=month.rate.attempt,
            schedule_to_close_timeout=month.rate.in_all,
            retry_policy=_policy(month.rate),
        )
        posted = await workflow.execute_activity_method(
            BooksActivities.post_entries,
            self._task("entries", month, month.post),
            start_to_close_timeout=month.post.attempt,
            schedule_to_close_timeout=month.post.in_all,
            heartbeat_timeout=month.post.silence,
            retry_policy=_policy(month.post),
        )
        await workflow.wait_condition(lambda: self._approved)
        statement = await workflow.execute_activity_method(
            BooksActivities.print_statement,
            self._task("statement", month, month.print),
            task_queue=month.printers,
            start_to_close_timeout=month.print.attempt,
            schedule_to_close_timeout=month.print.in_all,
            schedule_to_start_timeout=month.print.start_within,
            retry_policy=_policy(month.print),
        )
        return Closed(rate=rate, posted=posted, statement=statement)

    @workflow.signal
    def approve(self) -> None:
        """The statement may be printed."""
        self._approved = True

    def _task(self, what: str, month: Month, limits: Limits) -> Task:
        return Task(
            key=f"{workflow.info().workflow_id}:{what}",
            month=month.name,
            answer_within=limits.answer_within,
            entries=month.entries,
        )


def _policy(limits: Limits) -> RetryPolicy:
    return RetryPolicy(initial_interval=limits.first_wait, maximum_attempts=limits.attempts)
