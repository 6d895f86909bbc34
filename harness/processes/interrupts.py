"""SIGINT, SIGTERM and SIGHUP: the first one ends a command in an orderly way, the second one ends it at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from harness.exit_codes import INCONCLUSIVE
from harness.processes.startup import ending_signals

T = TypeVar("T")


class Signals:
    """Handles SIGINT, SIGTERM and SIGHUP from its creation until the process ends, also while no event loop runs.

    The first one cancels what `run` is running, and everything that is run later at its first `await`: that is always
    begun, so that it can report that it was interrupted. Code without an event loop goes on, and checks `came` before
    it begins anything else. A second one ends the process at once, with the exit code of INCONCLUSIVE.

    Attributes:
        came: Whether a signal has come.
    """

    def __init__(self) -> None:
        self.came = False
        self._instead: Callable[[], bool] | None = None
        self._cancel: Callable[[], object] | None = None
        for one in ending_signals():
            # Python's own handlers, since those of an event loop are gone whenever it is not running.
            signal.signal(one, self._handle)

    def run(self, work: Coroutine[Any, Any, T], *, instead: Callable[[], bool] | None = None) -> T:
        """Run this in an event loop of its own, and return what it returns.

        Args:
            work: What is cancelled by a signal.
            instead: Called when a signal comes; if it returns true, it has handled the signal, and nothing is
                cancelled. It is called between any two steps of the program, as signal handlers are.

        Raises:
            asyncio.CancelledError: A signal came, and the work did not return a value.
        """
        return asyncio.run(self._under_way(work, instead))

    async def _under_way(self, work: Coroutine[Any, Any, T], instead: Callable[[], bool] | None) -> T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in one
        self._instead = instead
        # A handler may not touch the loop, which may be asleep; this wakes it.
        self._cancel = partial(asyncio.get_running_loop().call_soon_threadsafe, task.cancel)
        if self.came:
            self._cancel_once()
        try:
            return await work
        finally:
            self._instead = self._cancel = None

    def _handle(self, *_: object) -> None:
        if self.came:
            os._exit(INCONCLUSIVE)
        if self._instead is not None and self._instead():
            return
        self.came = True
        self._cancel_once()

    def _cancel_once(self) -> None:
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel()
