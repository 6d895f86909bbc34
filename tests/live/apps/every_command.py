"""Workflows that issue every kind of command, for replay tests: each is recorded once and replayed against changes.

The text of this file is changed by `tests/live/replay/mutations.py`, line by line; each line to be changed stands once.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError, NexusOperationError
from temporalio.workflow import ActivityCancellationType, ChildWorkflowCancellationType, NexusClient, ParentClosePolicy

NOTE = SearchAttributeKey.for_keyword("EveryNote")
QUICK = timedelta(seconds=5)


@dataclass
class Order:
    """What is bought."""

    item: str
    cents: int


@workflow.defn
class Sequence:
    """Activities one after the other, each with options of its own, and compensations of one type."""

    @workflow.run
    async def run(self, order: Order) -> dict[str, str]:
        """Reserve, charge, undo twice."""
        reserved = await workflow.execute_activity(
            "echo",
            args=[order.item, 1],
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_attempts=3),
            summary="reserve",
        )
        charged = await workflow.execute_activity(
            "charge",
            Order(order.item, order.cents + 1),
            schedule_to_close_timeout=timedelta(seconds=20),
            heartbeat_timeout=timedelta(seconds=9),
            priority=Priority(priority_key=2),
        )
        for part in ["hotel", "car"]:
            await workflow.execute_activity("undo", part, start_to_close_timeout=QUICK)
        return {"reserved": reserved, "charged": charged}


@workflow.defn
class Fan:
    """Several activities at once."""

    @workflow.run
    async def run(self, count: int) -> list[str]:
        """Ask for all, wait for all."""
        asked = [workflow.execute_activity("echo", args=["fan", n], start_to_close_timeout=QUICK) for n in range(count)]
        return list(await asyncio.gather(*asked))


@workflow.defn
class Timers:
    """Sleeps, waits with a limit, and takes a timer back."""

    @workflow.run
    async def run(self) -> str:
        """Wait in three ways."""
        await workflow.sleep(timedelta(milliseconds=50))
        never = asyncio.create_task(workflow.sleep(3600))
        await workflow.execute_activity("echo", args=["between", 0], start_to_close_timeout=QUICK)
        never.cancel()
        try:
            await workflow.wait_condition(lambda: False, timeout=timedelta(milliseconds=60))
        except TimeoutError:
            return "timed out"
        return "never"


@workflow.defn
class Talks:
    """Answers signals and updates, and signals another workflow."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._done = False

    @workflow.run
    async def run(self, other: str) -> list[str]:
        """Listen until told that it is over."""
        await workflow.wait_condition(lambda: self._done)
        if other:
            await workflow.get_external_workflow_handle(other).signal("say", f"from me: {len(self._said)}")
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._said

    @workflow.signal
    async def say(self, word: str) -> None:
        """Have it echoed."""
        self._said.append(await workflow.execute_activity("echo", args=[word, 7], start_to_close_timeout=QUICK))

    @workflow.signal
    def end(self) -> None:
        """It is over."""
        self._done = True

    @workflow.update
    async def add(self, number: int) -> int:
        """Add one, after a while."""
        await workflow.sleep(timedelta(milliseconds=20))
        return number + 1

    @workflow.update
    async def refuse(self, number: int) -> int:
        """Fail."""
        raise ApplicationError(f"no {number}", {"number": number}, type="Refused")

    @workflow.update
    def validated(self, number: int) -> int:
        """Take what is positive."""
        return number * 2

    @validated.validator
    def _positive(self, number: int) -> None:
        if number < 0:
            raise ValueError("negative")


@workflow.defn
class Parent:
    """Has children of every kind."""

    @workflow.run
    async def run(self) -> list[str]:
        """One that completes, one that is cancelled, one that stays behind, one that is cancelled before it begins."""
        here = workflow.info().workflow_id
        first = await workflow.execute_child_workflow(
            "Child",
            args=["first", 1],
            id=f"{here}-first",
            execution_timeout=timedelta(minutes=5),
            retry_policy=RetryPolicy(maximum_attempts=2),
            memo={"why": "because"},
            static_summary="the first",
        )
        second = await workflow.start_child_workflow(
            "Child", args=["second", 0], cancellation_type=ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED
        )
        await second.signal("nudge", "go on")
        second.cancel()
        with suppress(ChildWorkflowError):
            await second
        await workflow.start_child_workflow(
            "Child", args=["third", 0], id=f"{here}-third", parent_close_policy=ParentClosePolicy.ABANDON
        )
        await workflow.get_external_workflow_handle(f"{here}-third").cancel()
        early = asyncio.create_task(workflow.execute_child_workflow("Child", args=["early", 0], id=f"{here}-early"))
        await asyncio.sleep(0)
        early.cancel()
        await asyncio.gather(early, return_exceptions=True)
        return [first]


@workflow.defn
class Child:
    """Returns at once, or waits to be cancelled."""

    @workflow.run
    async def run(self, name: str, at_once: int) -> str:
        """Say its name."""
        if not at_once:
            await workflow.wait_condition(lambda: False)
        return name

    @workflow.signal
    def nudge(self, word: str) -> None:
        """Nothing."""


@workflow.defn
class Again:
    """Continues as new, twice."""

    @workflow.run
    async def run(self, life: int, seen: list[str]) -> list[str]:
        """Count its lives."""
        if life < 3:
            workflow.continue_as_new(args=[life + 1, [*seen, f"life {life}"]], run_timeout=timedelta(minutes=3))
        return seen


@workflow.defn
class Local:
    """Local activities."""

    @workflow.run
    async def run(self, word: str) -> str:
        """Two of them, the second after a retry."""
        first = await workflow.execute_local_activity("echo", args=[word, 1], start_to_close_timeout=QUICK)
        second = await workflow.execute_local_activity(
            "flaky",
            "local",
            start_to_close_timeout=QUICK,
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=0.01)),
        )
        return f"{first}{second}"


@workflow.defn
class Patched:
    """One patch in use, one on its way out."""

    @workflow.run
    async def run(self) -> str:
        """Go the new way."""
        if workflow.patched("new-way"):
            await workflow.execute_activity("echo", args=["new", 1], start_to_close_timeout=QUICK)
        workflow.deprecate_patch("old-way")
        return "patched"


@workflow.defn
class Cancels:
    """Activities that are cancelled in every way, and a workflow that is cancelled itself."""

    @workflow.run
    async def run(self) -> str:
        """Cancel, then wait to be cancelled."""
        for how in (ActivityCancellationType.TRY_CANCEL, ActivityCancellationType.ABANDON):
            work = workflow.start_activity(
                "waits",
                how.name,
                start_to_close_timeout=timedelta(seconds=30),
                heartbeat_timeout=timedelta(seconds=2),
                cancellation_type=how,
            )
            await workflow.sleep(timedelta(milliseconds=30))
            work.cancel()
            with suppress(ActivityError):
                await work
        at_once = workflow.start_activity("waits", "at once", start_to_close_timeout=QUICK)
        at_once.cancel()
        await asyncio.gather(at_once, return_exceptions=True)
        try:
            await workflow.wait_condition(lambda: False)
        finally:
            await asyncio.shield(workflow.execute_activity("undo", "all", start_to_close_timeout=QUICK))
        return "never"


@workflow.defn
class Tells:
    """Search attributes and memo."""

    @workflow.run
    async def run(self) -> None:
        """Tell of itself, wherever one can."""
        workflow.upsert_search_attributes([NOTE.value_set("begun")])
        workflow.upsert_memo({"step": 1, "who": "me"})
        await workflow.execute_activity("echo", args=["told", 1], start_to_close_timeout=QUICK)
        workflow.upsert_search_attributes([NOTE.value_set("ended")])


@workflow.defn
class Fails:
    """Fails with details and a cause."""

    @workflow.run
    async def run(self, why: str) -> None:
        """Fail."""
        try:
            await workflow.execute_activity(
                "fail", why, start_to_close_timeout=QUICK, retry_policy=RetryPolicy(maximum_attempts=1)
            )
        except ActivityError as error:
            raise ApplicationError("it failed", {"why": why}, type="Broken", non_retryable=True) from error


@workflow.defn
class Operates:
    """Nexus operations: one that is answered, one that is cancelled."""

    @workflow.run
    async def run(self, endpoint: str) -> str:
        """Ask, then ask for what takes too long."""
        clerk: NexusClient[Any] = workflow.create_nexus_client(service="Clerk", endpoint=endpoint)
        answer = await clerk.execute_operation(
            "greet", "world", output_type=str, schedule_to_close_timeout=timedelta(seconds=40), headers={"by": "test"}
        )
        slow = await clerk.start_operation("file_away", "all", output_type=str)
        slow.cancel()
        with suppress(NexusOperationError):
            await slow
        return answer


@workflow.defn
class FilesAway:
    """What stands behind the operation that takes long."""

    @workflow.run
    async def run(self, _what: str) -> str:
        """Wait to be cancelled."""
        await workflow.wait_condition(lambda: False)
        return "filed"
