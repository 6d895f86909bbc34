"""The time of one workflow execution, which may be ahead of the server's: what is only waited for can be skipped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from harness.simulation.latency import SKIPPED
from harness.simulation.unmodelled import UnmodelledGuard


@dataclass(eq=False)
class ClockTimer:
    """Something that happens at a time of an execution's clock.

    Attributes:
        due: When, in seconds since the epoch.
        call: What happens then.
    """

    due: float
    call: Callable[[], None]


class ExecutionClock:
    """The clock of one workflow execution.

    Args:
        loop: Whose time passes.
        epoch: The time since the epoch at which the loop's time was 0.
        skipped: How many seconds it is ahead.
        guard: Hands over what is not modelled.
        changed: Called after something happened.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        epoch: float,
        skipped: float,
        guard: UnmodelledGuard,
        changed: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._epoch = epoch
        self.skipped = skipped
        self._guard = guard
        self._changed = changed
        self._waiting: dict[ClockTimer, asyncio.TimerHandle] = {}

    def now(self) -> float:
        """Return the execution's time, in seconds since the epoch."""
        return self._epoch + self._loop.time() + self.skipped

    def wall(self) -> float:
        """Return the server's time, in seconds since the epoch."""
        return self._epoch + self._loop.time()

    def at(self, due: float, call: Callable[[], None]) -> ClockTimer:
        """Have something happen at a time of this clock."""
        timer = ClockTimer(due, call)
        self._arm(timer)
        return timer

    def after(self, seconds: float, call: Callable[[], None]) -> ClockTimer:
        """Have something happen after so many seconds of this clock."""
        return self.at(self.now() + seconds, call)

    def soon(self, latency: float, call: Callable[[], None]) -> None:
        """Have something happen after a latency, which is never skipped."""
        self._loop.call_later(latency, self._do, call)

    def cancel(self, timer: ClockTimer | None) -> None:
        """Have a timer not go off."""
        handle = None if timer is None else self._waiting.pop(timer, None)
        if handle is not None:
            handle.cancel()

    def stop(self) -> None:
        """Have no timer go off any more."""
        for handle in self._waiting.values():
            handle.cancel()
        self._waiting.clear()

    @property
    def next_due(self) -> float | None:
        """When the next timer goes off; None without any."""
        return min((one.due for one in self._waiting), default=None)

    def skip_to(self, due: float) -> None:
        """Make it that time now."""
        self.skipped += max(0.0, due - self.now())
        for timer, handle in [*self._waiting.items()]:
            handle.cancel()
            self._arm(timer, at_least=SKIPPED)

    def _arm(self, timer: ClockTimer, *, at_least: float = 0.0) -> None:
        left = max(at_least, timer.due - self.now())
        self._waiting[timer] = self._loop.call_later(left, self._go_off, timer)

    def _go_off(self, timer: ClockTimer) -> None:
        if self._waiting.pop(timer, None) is not None:
            self._do(timer.call)

    def _do(self, call: Callable[[], None]) -> None:
        with self._guard:
            call()
            self._changed()
