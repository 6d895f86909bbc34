"""An event loop whose time passes only while nothing can run.

When every callback has run, and neither a thread nor a socket is at work, the clock jumps to the next timer. While one
is at work, the clock stands still for a moment, so that the time that a computer takes for it counts for nothing; what
takes longer than that waits for something real, and time passes as on the wall. Workflow code waits for nothing real:
for it the clock stands still until it has surely got stuck.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import selectors
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import Any

LOOK = 0.05
"""How often what holds the clock is looked at, in seconds of real time. Looks are counted, not seconds: where a machine
is so busy that threads get no turn, this one gets none either."""

PATIENCE = 5
"""For how many looks the clock stands still while a thread or a socket is at work."""

STUCK = 100
"""For how many looks it stands still while workflow code runs. Time passes again after that, so that the SDK sees that
the code has got stuck, as on a real server."""

APART = 1e-10
"""How many seconds lie between two things that are asked for at the same moment: asyncio keeps no order among them."""

IN_THREAD: contextvars.ContextVar[bool] = contextvars.ContextVar("in a thread that holds the clock", default=False)
"""Whether something is done on behalf of a thread that waits for it. That must take no virtual time: the thread holds
the clock."""

_THREAD = threading.local()
"""Whether this thread holds the clock, as `holds`. A context variable does not say it: code runs in contexts of its
own."""


class VirtualSelector(selectors.DefaultSelector):
    """Waits for sockets, and makes time pass where nothing else can happen."""

    def __init__(self) -> None:
        super().__init__()
        self._time = 0.0
        self._holders = 0
        self._firm = 0
        self._looks = 0

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self._time

    def hold(self, *, firm: bool = False) -> None:
        """Hold the clock for what a thread does; firmly for what waits for nothing real, however long it takes."""
        self._holders += 1
        self._firm += firm
        self._looks = 0

    def release(self, *, firm: bool = False) -> None:
        """Let go of the clock, as often and as firmly as it was held."""
        self._holders -= 1
        self._firm -= firm
        self._looks = 0

    def select(self, timeout: float | None = None) -> Any:
        """Return what sockets are ready; let time pass if there are none."""
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if self._at_work():
            return self._wait(timeout)
        if timeout is None:
            return super().select(None)
        self._time += timeout
        return ready

    def _at_work(self) -> bool:
        # The loop itself has one socket, through which other threads wake it up.
        return self._holders > 0 or len(self.get_map()) > 1

    def _wait(self, timeout: float | None) -> Any:
        if self._looks < (STUCK if self._firm else PATIENCE):
            ready = super().select(LOOK)
            self._looks += not ready
            return ready
        began = monotonic()
        ready = super().select(timeout)
        passed = monotonic() - began
        self._time += passed if timeout is None else min(passed, timeout)
        return ready


class WorkflowThreads(concurrent.futures.ThreadPoolExecutor):
    """Threads for workflow code, which holds the clock of virtual time firmly."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time.

    Args:
        selector: Its clock.
    """

    def __init__(self, selector: VirtualSelector | None = None) -> None:
        self._clock = selector or VirtualSelector()
        self._moment = 0.0
        self._called = 0
        super().__init__(self._clock)

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self._clock.time()

    def call_at(  # type: ignore[override]  # as typeshed types it, with a variadic generic
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        """Have something called at a time; of several things at the same time, in the order in which they are asked."""
        if self.time() != self._moment:
            self._moment, self._called = self.time(), 0
        self._called += 1
        return super().call_at(when + self._called * APART, callback, *args, context=context)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the clock firmly inside the context, for something that is waited for outside of this loop."""
        self._clock.hold(firm=True)
        try:
            yield
        finally:
            self._clock.release(firm=True)

    def call_soon_threadsafe(  # type: ignore[override]  # as typeshed types it, with a variadic generic
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        """Have something called soon, from another thread; what comes of it knows if that thread holds the clock."""
        if getattr(_THREAD, "holds", False):
            context = contextvars.copy_context() if context is None else context.copy()
            context.run(IN_THREAD.set, True)  # noqa: FBT003 - the value of a context variable
        return super().call_soon_threadsafe(callback, *args, context=context)

    def run_in_executor(  # type: ignore[override]  # as typeshed types it, with a variadic generic
        self, executor: concurrent.futures.Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run a function in a thread, which holds the clock until it has returned."""
        if executor is None:
            return self._held_until(super().run_in_executor(None, _in_thread, func, *args))
        if not isinstance(executor, concurrent.futures.ThreadPoolExecutor):
            return self._held_until(super().run_in_executor(executor, func, *args))
        running, firm = executor.submit(_in_thread, func, *args), isinstance(executor, WorkflowThreads)
        self._clock.hold(firm=firm)
        waiting = asyncio.wrap_future(running, loop=self)
        # After the callback of `wrap_future`: when the clock is let go, whoever waits can go on already.
        running.add_done_callback(partial(self._released, firm=firm))
        return waiting

    def _held_until(self, waiting: asyncio.Future[Any]) -> asyncio.Future[Any]:
        self._clock.hold()
        waiting.add_done_callback(lambda _: self._clock.release())
        return waiting

    def _released(self, _: concurrent.futures.Future[Any], *, firm: bool) -> None:
        if not self.is_closed():
            self.call_soon_threadsafe(partial(self._clock.release, firm=firm))


def _in_thread(func: Callable[..., Any], *args: Any) -> Any:
    _THREAD.holds = True
    try:
        return func(*args)
    finally:
        _THREAD.holds = False
