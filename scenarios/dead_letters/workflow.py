"""Processes a batch item by item: what cannot be processed is written to a queue of dead letters, at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.dead_letters.activities import ItemActivities, Letter, Work


@dataclass(frozen=True)
class Patience:
    """How long the workflow tolerates with services that fail. The defaults are meant for production.

    Attributes:
        tries: Of an item, in all.
        first_wait: Before the second try; doubles with each further one.
        answer_within: For one request. Below `attempt_within`.
        attempt_within: A try's start_to_close.
        write_within: A write's start_to_close. There are as many writes as it takes.
        write_first_wait: Before the second write; doubles with each further one, up to a hundred times as long.
    """

    tries: int = 3
    first_wait: timedelta = timedelta(seconds=2)
    answer_within: timedelta = timedelta(seconds=20)
    attempt_within: timedelta = timedelta(seconds=30)
    write_within: timedelta = timedelta(seconds=60)
    write_first_wait: timedelta = timedelta(seconds=5)


@dataclass(frozen=True)
class Batch:
    """What to process.

    Attributes:
        name: Which batch.
        items: The numbers of its items.
        at_once: How many are processed at a time. One by one, each that fails delays all behind it.
        patience: How long to bear with failing services.
    """

    name: str
    items: list[int]
    at_once: int = 1
    patience: Patience = field(default_factory=Patience)


@dataclass
class Processed:
    """What became of a batch.

    Attributes:
        successful: How many were processed.
        failed: How many were given up.
        dlq_count: How many of those stand in the queue.
        results: What became of the first, by item.
        failures: The numbers of the others.
    """

    successful: int = 0
    failed: int = 0
    dlq_count: int = 0
    results: dict[int, str] = field(default_factory=dict)
    failures: list[int] = field(default_factory=list)


@workflow.defn
class ProcessItems:
    """Tries each item three times, and goes on without those that fail."""

    def __init__(self) -> None:
        self._processed = Processed()

    @workflow.run
    async def run(self, batch: Batch) -> Processed:
        """Process the batch. A cancelled one finishes the letters that it is writing, and then ends as Canceled."""
        waiting = list(batch.items)

        async def go_on() -> None:
            while waiting:
                await self._see_to(waiting.pop(0), batch)

        # Returned, not raised: the first to be cancelled must not end the workflow under the letters of the others.
        ended = await asyncio.gather(*(go_on() for _ in range(batch.at_once)), return_exceptions=True)
        for one in ended:
            if one is not None:
                raise one
        return self._processed

    @workflow.query
    def processed(self) -> Processed:
        """What became of the batch so far; a cancelled one has no result to read it from."""
        return self._processed

    async def _see_to(self, item: int, batch: Batch) -> None:
        processed = self._processed
        try:
            processed.results[item] = await self._process(item, batch)
            processed.successful += 1
        except ApplicationError as given_up:
            processed.failed += 1
            processed.failures.append(item)
            [errors] = given_up.details
            await self._bury(
                Letter(
                    key=_key(item, batch), batch=batch.name, item=item, retry_count=len(errors), errors=list(errors)
                ),
                batch.patience,
            )

    async def _process(self, item: int, batch: Batch) -> str:
        patience = batch.patience
        work = Work(key=_key(item, batch), batch=batch.name, item=item, answer_within=patience.answer_within)
        errors: list[str] = []
        while True:
            try:
                return await workflow.execute_activity_method(
                    ItemActivities.process_item,
                    work,
                    start_to_close_timeout=patience.attempt_within,
                    # Tried again below, so that what went wrong each time is known at the end.
                    retry_policy=RetryPolicy(maximum_attempts=1),
                )
            except ActivityError as failure:
                if is_cancelled_exception(failure):
                    raise asyncio.CancelledError from failure
                errors.append(_reason(failure))
            if len(errors) >= patience.tries:
                # The details one by one: the class takes no keyword of that name (DLQ-003).
                raise ApplicationError(f"item {item} failed {len(errors)} times", errors, type="MaxRetriesExceeded")
            # Takes a timedelta, unlike asyncio.sleep (DLQ-002).
            await workflow.sleep(patience.first_wait * 2 ** (len(errors) - 1))

    async def _bury(self, letter: Letter, patience: Patience) -> None:
        """Write a letter when its item has failed, as often as it takes: kept until the end, it could be lost."""
        writing = asyncio.create_task(self._write(letter, patience))
        cancelled = False
        while not writing.done():
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                cancelled = True
        writing.result()
        self._processed.dlq_count += 1
        if cancelled:
            raise asyncio.CancelledError

    async def _write(self, letter: Letter, patience: Patience) -> None:
        await workflow.execute_activity_method(
            ItemActivities.write_dead_letter,
            letter,
            start_to_close_timeout=patience.write_within,
            retry_policy=RetryPolicy(initial_interval=patience.write_first_wait),
        )


def _key(item: int, batch: Batch) -> str:
    return f"{workflow.info().workflow_id}:{batch.name}:{item}"


def _reason(failure: BaseException) -> str:
    """The type and the text of what is behind a failure: those of an ActivityError say nothing (DLQ-005)."""
    while failure.__cause__ is not None:
        failure = failure.__cause__
    name = failure.type if isinstance(failure, ApplicationError) else type(failure).__name__
    return f"{name}: {failure.message if isinstance(failure, ApplicationError) else failure}"
