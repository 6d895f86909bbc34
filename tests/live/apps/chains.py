"""Workflows that continue as new, rightly and as guides print it, and say what they saw."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity, workflow

SHORT = timedelta(milliseconds=200)


@workflow.defn
class Counts:
    """Counts down, a run each; what a run can be reached by is its id."""

    def __init__(self) -> None:
        self._go = False

    @workflow.run
    async def run(self, left: int, how: str = "") -> tuple[int, int]:
        """Return how long the last run's history was at first, and what is left; "held" waits to be told to go on."""
        length = workflow.info().get_current_history_length()
        for number in range(5 * left):
            workflow.upsert_memo({"number": number})
        if how == "held":
            await workflow.wait_condition(lambda: self._go)
        if left:
            workflow.continue_as_new(args=[left - 1, how])
        return length, left

    @workflow.signal
    def go(self) -> None:
        """Go on."""
        self._go = True


@workflow.defn
class ForgetsItsQueue:
    """Does one of the things it was asked for, and continues as new without the others."""

    def __init__(self) -> None:
        self._asked: list[int] = []

    @workflow.run
    async def run(self, done: list[int]) -> None:
        """Do what is asked for, for ever."""
        await workflow.wait_condition(lambda: bool(self._asked))
        workflow.continue_as_new([*done, self._asked[0]])

    @workflow.signal
    def ask(self, number: int) -> None:
        """Ask for something."""
        self._asked.append(number)


@workflow.defn
class MakesItsQueueTooLate:
    """Waits for a queue that only its handler makes, as guides print it."""

    _events: list[int]

    @workflow.run
    async def run(self) -> None:
        """Wait for events."""
        await workflow.wait_condition(lambda: len(self._events) > 0)

    @workflow.signal
    def event(self, number: int) -> None:
        """Take one."""
        self._events.append(number)


@workflow.defn
class WaitsWithoutPatience:
    """Waits for what does not come."""

    @workflow.run
    async def run(self) -> None:
        """Wait, and let the end of the wait pass."""
        await workflow.wait_condition(lambda: False, timeout=SHORT)


@dataclass
class Times:
    """What a run is told of its beginning."""

    start_time: datetime
    workflow_start_time: datetime
    now: datetime


@workflow.defn
class TellsTheTime:
    """Says when it began, in its second run."""

    @workflow.run
    async def run(self, life: int) -> Times:
        """Return what the run was told."""
        info = workflow.info()
        if life == 1:
            workflow.continue_as_new(2)
        return Times(info.start_time, info.workflow_start_time, workflow.now())


@workflow.defn
class Catches:
    """Continues as new inside a `try`."""

    @workflow.run
    async def run(self, what: str) -> str:
        """Return "swallowed" or "new run"."""
        if what == "nothing left":
            return "new run"
        try:
            self._continue()
        except Exception:  # noqa: BLE001 - whether this is enough is the question
            return "swallowed"
        except BaseException:
            if what != "all":
                raise
        return "swallowed"

    def _continue(self) -> None:
        workflow.continue_as_new("nothing left")


@workflow.defn
class SleepsInAsyncio:
    """Gives asyncio a duration, as guides print it."""

    @workflow.run
    async def run(self) -> None:
        """Sleep."""
        await asyncio.sleep(SHORT)  # type: ignore[call-overload]


@workflow.defn
class GoesOn:
    """Sleeps, run after run."""

    @workflow.run
    async def run(self, runs: int, seconds: float) -> int:
        """Return 0 after so many runs."""
        await workflow.sleep(seconds)
        if runs > 1:
            workflow.continue_as_new(args=[runs - 1, seconds])
        return 0


@workflow.defn
class LeavesAnActivity:
    """Continues as new while its activity runs."""

    def __init__(self) -> None:
        self._go = False

    @workflow.run
    async def run(self, life: int) -> str:
        """Return what the second run knows of it."""
        if life == 1:
            workflow.start_activity("long", start_to_close_timeout=timedelta(seconds=30))
            await workflow.wait_condition(lambda: self._go)
            workflow.continue_as_new(2)
        return "nothing"

    @workflow.signal
    def go(self) -> None:
        """Continue as new."""
        self._go = True


class Long:
    """An activity that goes on until it is told to end."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.may_end = asyncio.Event()
        self.ended = asyncio.Event()
        self.cancelled = False

    @activity.defn(name="long")
    async def run(self) -> str:
        """Wait."""
        self.began.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        finally:
            self.ended.set()
        return "done"


@workflow.defn
class LeavesAHandler:
    """Continues as new while a handler waits."""

    def __init__(self) -> None:
        self._value = 0
        self._begun = False

    @workflow.run
    async def run(self, life: int) -> int:
        """Return what the handler has set, long after it would have."""
        if life == 1:
            await workflow.wait_condition(lambda: self._begun)
            workflow.continue_as_new(2)
        await workflow.sleep(2 * SHORT)
        return self._value

    # The SDK's word for it is a warning, which must not become an error in its worker.
    @workflow.signal(unfinished_policy=workflow.HandlerUnfinishedPolicy.ABANDON)
    async def begin(self) -> None:
        """Set the value, some time."""
        self._begun = True
        await workflow.sleep(SHORT)
        self._value = 1


@dataclass
class _Version1:
    balance: float
    version: int = 1

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> _Version1:
        """Read a state as guides print it: the newer version is migrated, by a step that there is not."""
        version = state.get("version", 1)
        if version == 1:
            return cls(**state)
        if version == 2:
            return cls._migrate_v1_to_v2(state)  # type: ignore[attr-defined, no-any-return]
        raise ValueError(f"Unknown state version: {version}")


@workflow.defn
class ReadsItsStateAsPrinted:
    """Takes over what another version wrote."""

    @workflow.run
    async def run(self, state: dict[str, Any]) -> float:
        """Return the balance."""
        return _Version1.from_dict(state).balance


@workflow.defn
class HandsOver:
    """Hands a state of this size to its next run."""

    @workflow.run
    async def run(self, size: int, state: str) -> int:
        """Return how large a state arrived."""
        if not state:
            workflow.continue_as_new(args=[0, "x" * size])
        return len(state)


@workflow.defn(name="HandsOver")
class HandsOverLess:
    """The same, once somebody has noticed."""

    @workflow.run
    async def run(self, size: int, state: str) -> int:
        """Return how large a state arrived."""
        if not state:
            workflow.continue_as_new(args=[0, "x"])
        return len(state)


CHAINS = [
    Counts,
    ForgetsItsQueue,
    MakesItsQueueTooLate,
    WaitsWithoutPatience,
    TellsTheTime,
    Catches,
    SleepsInAsyncio,
    GoesOn,
    LeavesAnActivity,
    LeavesAHandler,
    ReadsItsStateAsPrinted,
    HandsOver,
]
