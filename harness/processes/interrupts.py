"""SIGINT and SIGTERM: the first one ends a command in good order, whatever it is doing; a second one at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from harness.exit_codes import RED

T = TypeVar("T")


class Signals:
    """Hears SIGINT and SIGTERM from when it is made until the process ends, also while no event loop runs.

    The first one cancels what `run` has under way, and whatever is run from then on, at its first `await`: what is
    run is always begun, so that it can tell that it was interrupted. What runs without an event loop goes on, and
    asks whether one `came` before it begins anything else. A second one ends the process at once, with 1.

    Attributes:
        came: Whether one has come.
    """

    def __init__(self) -> None:
        self.came = False
        self._instead: Callable[[], bool] | None = None
        self._cancel: Callable[[], object] | None = None
        for one in (signal.SIGINT, signal.SIGTERM):
            # Python's own handlers, since those of an event loop are gone whenever it is not running.
            signal.signal(one, self._hear)

    def run(self, work: Coroutine[Any, Any, T], *, instead: Callable[[], bool] | None = None) -> T:
        """Run this in an event loop of its own, and return what it returns.

        Args:
            work: What is cancelled by a signal.
            instead: Is asked when a signal comes, and makes something else of it when it returns true. It is called
                between any two steps of the program, as signal handlers are.

        Raises:
            asyncio.CancelledError: A signal came, and the work has nothing to return.
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

    def _hear(self, *_: object) -> None:
        if self.came:
            os._exit(RED)
        if self._instead is not None and self._instead():
            return
        self.came = True
        self._cancel_once()

    def _cancel_once(self) -> None:
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel()
