"""Watches the event loop that runs share with their workers: which activity keeps it from running anything else.

A thread beside the loop sends it something to do, and looks which task is running when that is not done. Looks are
counted, not seconds, so that a process that was stopped as a whole, or a machine that slept, is not taken for a loop
that is blocked. Whoever blocks it gets a `LoopBlocked`, every other run a `HeldUp`.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary

from harness.application_side.code_place import place
from harness.events import Event
from harness.evidence.schedule_events import HeldUp, LoopBlocked, MachineBusy
from harness.workers.machine import Machine

LOOK = 0.1
"""How often the loop is looked at, in seconds."""

NOTICED = 0.3
"""For how many seconds a task must block the loop to be recorded."""

SIGNAL = signal.SIGRTMIN if sys.platform == "linux" else signal.SIGUSR2
"""Ends code that blocks the loop for too long."""

DEBUGGERS = ("bdb", "pdb", "pydevd", "debugpy", "_pydevd_bundle")
"""The modules of debuggers: whoever looks at code in one of them has all the time."""


class BlockedForTooLongError(BaseException):
    """Raised in an activity that has blocked the event loop for longer than its scenario may take."""


@dataclass(eq=False, kw_only=True)
class WatchedRun:
    """A run whose worker lives in the loop.

    Attributes:
        name: The scenario's name.
        emit: Takes its events.
        patience: How long one of its activities may block the loop until that is ended.
    """

    name: str
    emit: Callable[[Event], None]
    patience: timedelta


@dataclass(eq=False)
class _Streak:
    """Some looks after one another at which the same task was running."""

    task: asyncio.Task[Any] | None
    owner: tuple[WatchedRun, str] | None
    where: str
    looks: int
    ended: bool = False

    @property
    def seconds(self) -> float:
        return self.looks * LOOK


class LoopWatch:
    """Watches the event loop that is running.

    Args:
        machine: Samples what the machine takes meanwhile.

    Attributes:
        machine: The same.
    """

    def __init__(self, machine: Machine | None = None) -> None:
        self.machine = machine or Machine()
        self._loop = asyncio.get_running_loop()
        self._thread_id = threading.get_ident()
        self._factory = self._loop.get_task_factory()
        self._owners: WeakKeyDictionary[asyncio.Task[Any], tuple[WatchedRun, str]] = WeakKeyDictionary()
        self._runs: set[WatchedRun] = set()
        self._came_round = True
        self._overdue: _Streak | None = None
        self._interrupts = False
        self._before: Any = None
        self._closing = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch inside the context."""
        thread = threading.Thread(target=self._watch, name="loop-watch", daemon=True)
        self._loop.set_task_factory(self._task)
        if threading.current_thread() is threading.main_thread():
            self._before = signal.getsignal(SIGNAL)
            # Not where the application has a use of its own for that signal; another watch is called on.
            if self._before is signal.SIG_DFL or isinstance(getattr(self._before, "__self__", None), LoopWatch):
                self._interrupts = True
                signal.signal(SIGNAL, self._interrupt)
        thread.start()
        try:
            yield
        finally:
            self._closing.set()
            thread.join()
            self._loop.set_task_factory(self._factory)
            if self._interrupts:
                signal.signal(SIGNAL, self._before)

    @contextmanager
    def run(self, name: str, *, emit: Callable[[Event], None], patience: timedelta) -> Iterator[WatchedRun]:
        """Record for a run inside the context what blocks the loop, and at its end what the machine took.

        Args:
            name: The scenario's name.
            emit: Takes its events.
            patience: How long one of its activities may block the loop until that is ended.
        """
        begun = self.machine.now
        run = WatchedRun(name=name, emit=emit, patience=patience)
        self._runs.add(run)
        try:
            yield run
        finally:
            self._runs.discard(run)
            taken = self.machine.taken(begun)
            if taken.seconds >= NOTICED:
                emit(MachineBusy(seconds=taken.seconds, starved=taken.starved, lasted=taken.lasted))

    def belongs(self, run: WatchedRun, activity: str) -> None:
        """Note that the running task, and every task that it creates, belongs to an activity of a run."""
        task = asyncio.current_task()
        if task is not None:
            self._owners[task] = run, activity

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Future[Any]:
        made = (
            asyncio.Task(work, loop=loop, **options) if self._factory is None else self._factory(loop, work, **options)
        )
        running = asyncio.current_task(loop)
        if running is not None and running in self._owners and isinstance(made, asyncio.Task):
            self._owners[made] = self._owners[running]
        return made

    # --- called in the loop ---

    def _round(self) -> None:
        self._came_round = True

    def _report(self, streak: _Streak) -> None:
        """Record what has blocked the loop, now that it comes round."""
        acting = "code outside of an activity"
        if streak.owner is not None:
            run, activity = streak.owner
            acting = f"{activity} of {run.name}"
            run.emit(
                LoopBlocked(activity=activity, where=streak.where, seconds=streak.seconds, came_back=not streak.ended)
            )
        for other in self._runs:
            if streak.owner is None or other is not streak.owner[0]:
                other.emit(HeldUp(by=acting, where=streak.where, seconds=streak.seconds))

    # --- called from outside ---

    def _watch(self) -> None:
        streaks: list[_Streak] = []
        while not self._closing.wait(LOOK):
            self.machine.look()
            if not self._came_round:
                self._look(streaks)
                continue
            try:
                for streak in streaks:
                    if streak.seconds >= NOTICED:
                        self._loop.call_soon_threadsafe(self._report, streak)
                streaks.clear()
                self._overdue, self._came_round = None, False
                self._loop.call_soon_threadsafe(self._round)
            except RuntimeError:
                return  # the loop is closed

    def _look(self, streaks: list[_Streak]) -> None:
        """Look what is running now."""
        task = asyncio.current_task(self._loop)
        where = place(sys._current_frames().get(self._thread_id))  # noqa: SLF001 - documented in `sys`
        if not streaks or streaks[-1].task is not task:
            streaks.append(_Streak(task, None if task is None else self._owners.get(task), where, 0))
        streak = streaks[-1]
        streak.where = where
        streak.looks += 1
        if streak.owner is not None and streak.seconds >= streak.owner[0].patience.total_seconds():
            self._overdue = streak
            if self._interrupts:
                with suppress(ProcessLookupError):
                    signal.pthread_kill(self._thread_id, SIGNAL)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        """End an activity that blocks the loop, unless something else runs by now or somebody debugs it."""
        streak, self._overdue = self._overdue, None
        if (
            streak is None
            or self._came_round
            or asyncio.current_task(self._loop) is not streak.task
            or _debugged(frame)
        ):
            if callable(self._before):
                self._before(number, frame)
            return
        streak.ended = True
        raise BlockedForTooLongError(f"it blocked the event loop for {streak.seconds:.0f} s")


def _debugged(frame: FrameType | None) -> bool:
    while frame is not None:
        if str(frame.f_globals.get("__name__")).partition(".")[0] in DEBUGGERS:
            return True
        frame = frame.f_back
    return False
