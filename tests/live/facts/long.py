"""Long activities that beat, fall silent, are cancelled or report their progress; and workflows that run one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception
from temporalio.workflow import ActivityCancellationType

WITHIN = timedelta(seconds=30)
BEAT = 0.02


@activity.defn
async def beats(seconds: float) -> str:
    """Beat all the time."""
    begun = activity.info().started_time
    number = 0
    while (datetime.now(UTC) - begun).total_seconds() < seconds:
        activity.heartbeat(number)
        number += 1
        await asyncio.sleep(BEAT)
    return "done"


@activity.defn
async def silent(seconds: float) -> str:
    """Do not beat at all."""
    await asyncio.sleep(seconds)
    return "done"


@activity.defn
async def asks_whether_it_is_cancelled() -> str:
    """Beat, and ask, as it is printed; say through which of the two it learned."""
    try:
        while True:
            activity.heartbeat()
            if activity.is_cancelled():
                return "it asked"
            await asyncio.sleep(BEAT)
    except asyncio.CancelledError:
        why = activity.cancellation_details()
        # Swallowed, so that it can be said: to the server it has completed.
        return "it was told" if why is not None and why.cancel_requested else f"for another reason: {why}"


@activity.defn
async def fails_to_clean_up() -> None:
    """Raise something else when cancelled."""
    try:
        while True:
            activity.heartbeat()
            await asyncio.sleep(BEAT)
    except asyncio.CancelledError:
        raise ApplicationError("no broom", type="CleanupFailed") from None


@activity.defn
async def passes_it_on() -> None:
    """Beat until cancelled, and raise it again."""
    while True:
        activity.heartbeat()
        await asyncio.sleep(BEAT)


@activity.defn
async def cancels_itself() -> None:
    """Raise a CancelledError that nobody asked for."""
    raise asyncio.CancelledError


@activity.defn
async def unavailable() -> None:
    """Fail."""
    raise ApplicationError("try later", type="Unavailable")


@activity.defn
async def logs_every_ten_percent(total: int) -> list[int]:
    """Work through items, with the progress told as it is printed; return where it was."""
    told = []
    for processed in range(1, total + 1):
        activity.heartbeat(processed)
        if processed % (total // 10) == 0:
            told.append(processed)
    return told


@activity.defn
async def clean_up() -> None:
    """Do what is to be done before the end."""


@workflow.defn
class Does:
    """Runs one activity, with these options."""

    @workflow.run
    async def run(self, what: str, given: list[Any], heartbeat: float | None, attempts: int) -> Any:
        """Return what it returns."""
        return await workflow.execute_activity(
            what,
            args=given,
            start_to_close_timeout=WITHIN,
            heartbeat_timeout=None if heartbeat is None else timedelta(seconds=heartbeat),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20), maximum_attempts=attempts),
            cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )


@workflow.defn
class Limits:
    """Gives an activity a limit of time, in one of the ways that are told."""

    @workflow.run
    async def run(self, way: str) -> str:
        """Say what came of it."""
        handle = workflow.start_activity(
            passes_it_on,
            start_to_close_timeout=WITHIN,
            heartbeat_timeout=WITHIN,
            retry_policy=RetryPolicy(maximum_attempts=1),
            cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        limit = 0.2
        if way == "wait_for":
            try:
                await asyncio.wait_for(handle, limit)
            except TimeoutError:
                return "timed out"
        if way == "wait":
            await workflow.wait([handle], timeout=limit)
        else:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(handle), limit)
        handle.cancel()
        try:
            await handle
        except asyncio.CancelledError:
            return "asyncio.CancelledError"
        except ActivityError as failure:
            return f"ActivityError {is_cancelled_exception(failure)} {isinstance(failure, asyncio.CancelledError)}"
        return "nothing"


@workflow.defn
class Sleeps:
    """Waits at a timer, and catches every Exception."""

    @workflow.run
    async def run(self) -> str:
        """Sleep."""
        try:
            await workflow.sleep(timedelta(hours=1))
        except Exception:  # noqa: BLE001 - as it is printed
            return "caught"
        return "slept"


@workflow.defn
class Catches:
    """Catches what an activity raises when it is cancelled, and returns."""

    @workflow.run
    async def run(self, cleans_up: bool) -> str:  # noqa: FBT001 - a workflow's argument
        """Wait for the second attempt of an activity, which comes in 20 s."""
        try:
            await workflow.execute_activity(
                unavailable,
                start_to_close_timeout=WITHIN,
                retry_policy=RetryPolicy(initial_interval=timedelta(seconds=20)),
            )
        except ActivityError:
            if cleans_up:
                await workflow.execute_activity(clean_up, start_to_close_timeout=WITHIN)
                raise
            return "caught"
        return "done"


@workflow.defn
class Cancels:
    """Cancels an activity that is at work, and awaits it."""

    def __init__(self) -> None:
        self._at_work = False

    @workflow.run
    async def run(self, kind: ActivityCancellationType | None) -> bool:
        """Say whether it was cancelled."""
        said: dict[str, Any] = {} if kind is None else {"cancellation_type": kind}
        handle = workflow.start_activity(passes_it_on, start_to_close_timeout=WITHIN, heartbeat_timeout=WITHIN, **said)
        await workflow.wait_condition(lambda: self._at_work)
        handle.cancel()
        try:
            await handle
        except ActivityError as failure:
            return is_cancelled_exception(failure)
        return False

    @workflow.signal
    def at_work(self) -> None:
        """The activity is."""
        self._at_work = True
