"""Workflows that cannot be explored as they are, each in its own way."""

from __future__ import annotations

import ctypes
import time
from datetime import timedelta
from itertools import count

from temporalio import activity, workflow
from temporalio.common import RetryPolicy

WITHIN = timedelta(seconds=10)
_runs = count()


@activity.defn
async def work() -> int:
    """Say how often it was asked."""
    return next(_runs)


@activity.defn
async def block() -> None:
    """Keep everything else from going on."""
    time.sleep(0.5)  # noqa: ASYNC251 - the mistake on trial


@activity.defn
async def block_for_long() -> None:
    """Keep everything else from going on for longer than may be."""
    time.sleep(2.5)  # noqa: ASYNC251 - the mistake on trial


@activity.defn
async def hang() -> None:
    """Keep everything else from going on, for ever."""
    while True:
        try:
            time.sleep(3600)  # noqa: ASYNC251 - the mistake on trial
        except Exception:  # noqa: BLE001, S112 - and nothing shall stop it
            continue


@activity.defn
async def hang_when_asked_again() -> None:
    """Do so in the second attempt."""
    while activity.info().attempt > 1:
        pass


@activity.defn
async def hold_the_interpreter() -> None:
    """Keep even other threads from going on."""
    ctypes.pythonapi.sleep(3600)


@activity.defn
def sleep_in_a_thread() -> None:
    """Never come back."""
    time.sleep(3600)


@workflow.defn
class NeverEnds:
    """Waits for nobody."""

    @workflow.run
    async def run(self) -> None:
        """Wait."""
        await workflow.wait_condition(lambda: False)


@workflow.defn
class Stuck:
    """Fails in its own code."""

    @workflow.run
    async def run(self) -> None:
        """Fail."""
        raise KeyError("no such thing")


@workflow.defn
class Varies:
    """Takes another way every other time."""

    @workflow.run
    async def run(self) -> None:
        """Work once or twice."""
        if await workflow.execute_activity(work, start_to_close_timeout=WITHIN) % 3 == 0:
            await workflow.execute_activity(work, start_to_close_timeout=WITHIN)


@workflow.defn
class Blocks:
    """Has an activity that blocks."""

    @workflow.run
    async def run(self) -> None:
        """Block."""
        await workflow.execute_activity(block, start_to_close_timeout=WITHIN)


@workflow.defn
class BlocksForLong:
    """Has an activity that blocks for long."""

    @workflow.run
    async def run(self) -> None:
        """Block."""
        await workflow.execute_activity(block_for_long, start_to_close_timeout=WITHIN)


@workflow.defn
class Hangs:
    """Has an activity that never lets go."""

    @workflow.run
    async def run(self) -> None:
        """Hang."""
        await workflow.execute_activity(hang, start_to_close_timeout=WITHIN)


@workflow.defn
class HangsWhenAskedAgain:
    """Has an activity that never lets go, once its first attempt has failed."""

    @workflow.run
    async def run(self) -> None:
        """Hang, or work."""
        await workflow.execute_activity(hang_when_asked_again, start_to_close_timeout=WITHIN)


@workflow.defn
class HoldsTheInterpreter:
    """Has an activity that cannot be interrupted."""

    @workflow.run
    async def run(self) -> None:
        """Hold it."""
        await workflow.execute_activity(hold_the_interpreter, start_to_close_timeout=WITHIN)


@workflow.defn
class SleepsInAThread:
    """Has an activity that blocks nobody, and never comes back; the workflow gives up."""

    @workflow.run
    async def run(self) -> None:
        """Wait for it no longer than a second."""
        await workflow.execute_activity(
            sleep_in_a_thread, start_to_close_timeout=timedelta(seconds=1), retry_policy=RetryPolicy(maximum_attempts=1)
        )
