"""Interrupts code that keeps the event loop from going on for ever, so that it is told of instead of waited for.

A thread of its own watches whether the loop comes round. When it has not for long enough, it has a signal handler run
in the main thread, which raises in the very code that is running there: that ends a busy loop as well as `time.sleep`,
which `Task.cancel` cannot. What never returns to the interpreter ends with the process, if that is wanted.
"""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import ClassVar, Self

SIGNAL = signal.SIGURG
"""Ignored by default, and used by nobody in Python, so that one that comes too late does no harm."""

LOOK = 0.1
"""How often the thread looks, in seconds. Looks are counted, not seconds, so that a process that was stopped as a
whole, or a machine that slept, is not taken for a loop that is blocked."""

TICK = 0.02
"""How often the loop shows that it comes round, in seconds."""

SOONER = 1.0
"""After how many seconds what is known to block for ever may be interrupted."""

EXITS_AFTER = 3
"""After how many times its patience the process ends, when what runs could not be interrupted."""


class BlockedError(BaseException):
    """Raised in code that blocks the event loop; no `except Exception` of its own keeps it from ending there."""


class Watchdog:
    """Watches the event loop that it is entered in, if that runs in the main thread; elsewhere it only counts.

    Args:
        patience: After how many seconds code that blocks is interrupted whatever `blocked` says; before, from
            `SOONER` on, only when that says so.
        blocked: Is asked in the context of the code that blocks, and told where that stands: whether to interrupt it.
        exits: Whether the process ends, with every thread's traceback and exit code 1, when that is of no avail.
    """

    _active: ClassVar[list[Watchdog]] = []

    def __init__(self, patience: float, *, blocked: Callable[[str, bool], bool], exits: bool = False) -> None:
        self._patience = patience
        self._blocked = blocked
        self._exits = exits
        self._ticks = 0
        self._meant: int | None = None
        self._long = False
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._ticking: asyncio.Task[None] | None = None

    @property
    def ticks(self) -> int:
        """How often the loop came round, roughly."""
        return self._ticks

    async def __aenter__(self) -> Self:
        self._ticking = asyncio.create_task(self._tick())
        if threading.current_thread() is threading.main_thread():
            self._active.append(self)
            signal.signal(SIGNAL, _interrupt)
            self._thread = threading.Thread(target=self._watch, name="explore-watchdog", daemon=True)
            self._thread.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
        if self._exits:
            faulthandler.cancel_dump_traceback_later()
        if self._thread is not None:
            self._over.set()
            self._thread.join()
            self._active.remove(self)

    async def _tick(self) -> None:
        while True:
            if self._ticks % 50 == 0:
                self._put_off_the_end()
            await asyncio.sleep(TICK)
            self._ticks += 1

    def _put_off_the_end(self) -> None:
        if self._exits:
            # Runs in C, and so even while what blocks keeps all other Python code from running.
            faulthandler.dump_traceback_later(EXITS_AFTER * self._patience, exit=True, file=sys.stderr)

    def _watch(self) -> None:
        seen, looks, main = -1, 0, threading.main_thread().ident
        while not self._over.wait(LOOK):
            seen, looks = (self._ticks, 0) if self._ticks != seen else (seen, looks + 1)
            if looks * LOOK >= min(SOONER, self._patience) and main is not None:
                self._meant, self._long = seen, looks * LOOK >= self._patience
                signal.pthread_kill(main, SIGNAL)

    def interrupts(self, where: str) -> bool:
        """Say where the code stands, if it is what keeps this one's loop from going on."""
        # The loop may have gone on meanwhile; then whoever runs now is not the one that is meant.
        if self._meant != self._ticks or not self._blocked(where, self._long):
            return False
        # Whatever runs next, before the loop comes round, has its own time.
        self._meant = None
        self._ticks += 1
        self._put_off_the_end()
        return True


def _interrupt(_number: int, frame: FrameType | None) -> None:
    where = _place(frame)
    # Each of those that watch this loop is told, and not only the first.
    told = [one for one in Watchdog._active if one.interrupts(where)]  # noqa: SLF001 - its own handler
    if told:
        raise BlockedError(where)


def _place(frame: FrameType | None) -> str:
    """Where code stands: in its innermost frame that is neither a library's nor Python's own."""
    innermost = frame
    while frame is not None:
        file = frame.f_code.co_filename
        if "site-packages" not in file and not file.startswith((sys.base_prefix, "<")):
            return f"{file}:{frame.f_lineno}"
        frame = frame.f_back
    return "" if innermost is None else f"{innermost.f_code.co_filename}:{innermost.f_lineno}"
