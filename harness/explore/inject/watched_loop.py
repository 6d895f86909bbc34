"""An event loop in a thread of its own, which can be watched from outside: whether it comes round, and who keeps it.

Its clock leaves out the time for which it was kept from coming round, so that no deadline in it passes for that reason.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import ctypes
import selectors
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from harness.application_side.code_place import place
from harness.simulation.virtual_time import VirtualLoop, VirtualSelector

NOTICED = 0.3
"""For how many seconds a callback must block the loop to be reported."""

Owner = TypeVar("Owner")
"""Whoever tasks belong to."""

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Blockage(Generic[Owner]):
    """A while in which one task kept the loop from coming round.

    Attributes:
        owner: Whom the task belongs to; None if that is not known.
        where: The file and the line of the application at which it was seen last.
        since: Since when, by the monotonic clock.
    """

    owner: Owner | None
    where: str
    since: float


class WatchedLoop(Generic[Owner]):
    """Runs an event loop in a daemon thread.

    Args:
        came_back: Called in the loop when it comes round after it was blocked for a while: by what, and for how many
            seconds.
        virtual: Whether its time passes only while nothing runs.
    """

    def __init__(self, came_back: Callable[[Blockage[Owner], float], None], *, virtual: bool = False) -> None:
        self._came_back = came_back
        self._selector: _Rounds
        self._loop: asyncio.SelectorEventLoop
        if virtual:
            self._selector = clock = _VirtualSelector(self._after_round)
            self._loop = VirtualLoop(clock)
        else:
            self._selector = real = _Selector(self._after_round)
            self._loop = _Loop(real)
        self._loop.set_task_factory(self._task)
        self._owners: WeakKeyDictionary[asyncio.Task[Any], Owner] = WeakKeyDictionary()
        self._seen: tuple[int, asyncio.Task[Any] | None, Blockage[Owner]] | None = None
        self._abandoned = False
        self._thread = threading.Thread(target=self._run, name="explore-worker", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with suppress(SystemExit):
            self._loop.run_forever()
        if not self._abandoned:
            # Of an abandoned one, the SDK may still want to call something in it.
            self._loop.close()

    def submit(self, work: Coroutine[Any, Any, Result]) -> concurrent.futures.Future[Result]:
        """Begin something in the loop, from another thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, function: Callable[[], Any]) -> None:
        """Call something in the loop, from another thread."""
        self._loop.call_soon_threadsafe(function)

    def held(self) -> AbstractContextManager[None]:
        """Hold the loop's clock inside the context, in the loop, if its time is virtual."""
        return self._loop.held() if isinstance(self._loop, VirtualLoop) else nullcontext()

    def stop(self) -> None:
        """End the loop, once it comes round."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def join(self, within: float) -> bool:
        """Wait until its thread has ended; false if it had not within so many seconds."""
        self._thread.join(within)
        return not self._thread.is_alive()

    def abandon(self) -> None:
        """End the thread where it stands, if it runs Python code: it would take time from all others otherwise."""
        self._abandoned = True
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self.stop()
        ident = self._thread.ident
        if ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(SystemExit))

    # --- called in the loop ---

    def belongs(self, owner: Owner) -> None:
        """Note whom the running task belongs to, and the tasks that it creates."""
        task = asyncio.current_task()
        if task is not None:
            self._owners[task] = owner

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **options)
        running = asyncio.current_task(loop)
        if running is not None and running in self._owners:
            self._owners[task] = self._owners[running]
        return task

    def _after_round(self, round_: int, took: float) -> None:
        """Report what blocked the loop in a round of callbacks."""
        if took >= NOTICED and self._seen is not None and self._seen[0] == round_:
            blockage = self._seen[2]
            self._came_back(blockage, monotonic() - blockage.since)

    # --- called from outside ---

    @property
    def round(self) -> int | None:
        """The number of the round of callbacks that is going on; None while the loop waits."""
        return self._selector.round

    def look(self) -> Blockage[Owner]:
        """Look what is running now; to be called when a round takes long, again and again."""
        round_, task = self._selector.number, asyncio.current_task(self._loop)
        where = place(sys._current_frames().get(self._thread.ident or 0))  # noqa: SLF001 - documented in `sys`
        if self._seen is not None and self._seen[:2] == (round_, task):
            since = self._seen[2].since
        elif self._seen is not None and self._seen[0] == round_:
            since = monotonic()
        else:
            since = self._selector.began
        owner = None if task is None else self._owners.get(task)
        blockage = Blockage(owner=owner, where=where, since=since)
        self._seen = round_, task, blockage
        return blockage


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, selector: _Selector) -> None:
        self._rounds = selector
        super().__init__(selector)

    def time(self) -> float:
        return self._rounds.time()


class _Rounds(selectors.DefaultSelector):
    """Counts the rounds of callbacks between two waits."""

    def __init__(self, after_round: Callable[[int, float], None]) -> None:
        super().__init__()
        self._after_round = after_round
        self.began = monotonic()
        self.number = 0
        self.round: int | None = None

    def select(self, timeout: float | None = None) -> Any:
        """Wait, between two rounds."""
        now = monotonic()
        took = now - self.began
        self._passed(min(took, NOTICED))
        self.began, self.round = now, None
        self._after_round(self.number, took)
        ready = super().select(timeout)
        now = monotonic()
        self._passed(now - self.began)
        self.number += 1
        self.began, self.round = now, self.number
        return ready

    def _passed(self, seconds: float) -> None:
        """Take note that so much time has passed."""


class _Selector(_Rounds):
    """Tells a time in which no round takes long."""

    def __init__(self, after_round: Callable[[int, float], None]) -> None:
        super().__init__(after_round)
        self._time = self.began

    def time(self) -> float:
        """Return the time, of which a round takes no more than is noticed."""
        passed = monotonic() - self.began
        return self._time + (passed if self.round is None else min(passed, NOTICED))

    def _passed(self, seconds: float) -> None:
        self._time += seconds


class _VirtualSelector(_Rounds, VirtualSelector):
    """Counts the rounds of a loop in virtual time."""
