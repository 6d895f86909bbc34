"""The attempts of activities that a worker has: their heartbeats, which are throttled, and their cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from temporalio.api.common.v1 import Payload, Payloads
from temporalio.service import RPCError

from harness.library_internals.core_messages import (
    ActivityCancelReason,
    ActivityTask,
)
from harness.simulation.latency import HOP
from harness.simulation.messages import seconds
from harness.simulation.server import tasks
from harness.simulation.server.server import SimulatedServer

THROTTLED_TO = 0.8
"""How much of a heartbeat timeout passes between two heartbeats that are sent."""

LOCAL_TIMEOUT_AFTER = 5.0
"""How many seconds after a timeout of the server's a worker gives an attempt up by itself."""


@dataclass(eq=False)
class RunningAttempt:
    """One attempt.

    Attributes:
        task: What the worker was given.
        interval: How many seconds pass between two heartbeats.
        began: When it began, in the loop's time.
        details: What was heartbeated, and not sent yet.
        unsent: Whether there is such a heartbeat.
        throttled: The wait until the next heartbeat is sent.
        local_timeout: The wait until the worker gives it up.
        cancelled: Whether it was told to cancel.
        gone: Whether the server no longer knows it.
    """

    task: tasks.ActivityTask
    interval: float
    began: float
    details: Sequence[Payload] = ()
    unsent: bool = False
    throttled: asyncio.TimerHandle | None = None
    local_timeout: asyncio.TimerHandle | None = None
    cancelled: bool = False
    gone: bool = False


class WorkerAttempts:
    """The attempts of one worker.

    Args:
        server: The server.
        tell: Gives the worker's code a task.
        longest: How many seconds may pass between two heartbeats.
        without_timeout: How many pass where the activity has no heartbeat timeout.
    """

    def __init__(
        self, server: SimulatedServer, tell: Callable[[ActivityTask], None], *, longest: float, without_timeout: float
    ) -> None:
        self._server = server
        self._tell = tell
        self._longest = longest
        self._without_timeout = without_timeout
        self._known: dict[bytes, RunningAttempt] = {}

    @property
    def many(self) -> int:
        """How many are under way."""
        return len(self._known)

    def begin(self, token: bytes, task: tasks.ActivityTask) -> None:
        """Keep an attempt that the worker begins."""
        within = seconds(task.scheduled.heartbeat_timeout)
        interval = min(THROTTLED_TO * within if within else self._without_timeout, self._longest)
        attempt = RunningAttempt(task, interval, self._server.loop.time())
        self._known[token] = attempt
        self._watch(token, attempt)

    def end(self, token: bytes, *, flush: bool) -> RunningAttempt | None:
        """Let go of an attempt; the last heartbeat is sent before the answer if that is a failure."""
        attempt = self._known.pop(token, None)
        if attempt is None:
            return None
        for timer in (attempt.throttled, attempt.local_timeout):
            if timer is not None:
                timer.cancel()
        if flush and attempt.unsent and not attempt.gone:
            self._server.loop.call_later(HOP, self._report, token, attempt, attempt.details)
        return attempt

    def heartbeat(self, token: bytes, details: Sequence[Payload]) -> None:
        """Send a heartbeat now, or the last of several a little later."""
        attempt = self._known.get(token)
        if attempt is None:
            return
        attempt.details, attempt.unsent = [*details], True
        if attempt.throttled is None:
            self._send(token, attempt)

    def cancel_all(self) -> None:
        """Tell all attempts that their worker shuts down."""
        for token in [*self._known]:
            self._cancel(token, ActivityCancelReason.WORKER_SHUTDOWN)

    def _send(self, token: bytes, attempt: RunningAttempt) -> None:
        attempt.unsent = False
        self._watch(token, attempt)
        loop = self._server.loop
        loop.call_later(HOP, self._report, token, attempt, attempt.details)
        attempt.throttled = loop.call_later(attempt.interval, self._go_on, token, attempt)

    def _go_on(self, token: bytes, attempt: RunningAttempt) -> None:
        attempt.throttled = None
        if attempt.unsent:
            self._send(token, attempt)

    def _report(self, token: bytes, attempt: RunningAttempt, details: Sequence[Payload]) -> None:
        found = self._server.execution(attempt.task.token[0])
        try:
            if found is None or found.closed:
                reason: ActivityCancelReason.ValueType | None = ActivityCancelReason.NOT_FOUND
            else:
                asked = found.activities.heartbeat(attempt.task.token, Payloads(payloads=details) if details else None)
                reason = ActivityCancelReason.CANCELLED if asked else None
        except RPCError:
            reason = ActivityCancelReason.NOT_FOUND
        if reason is not None:
            self._server.loop.call_later(HOP, self._cancel, token, reason)

    def _watch(self, token: bytes, attempt: RunningAttempt) -> None:
        """Give an attempt up some time after the server must have done so, unless it is heartbeated again."""
        if attempt.local_timeout is not None:
            attempt.local_timeout.cancel()
        scheduled, loop = attempt.task.scheduled, self._server.loop
        whole = (scheduled.start_to_close_timeout, scheduled.schedule_to_close_timeout)
        ends = [attempt.began + seconds(one) for one in whole if seconds(one)]
        if seconds(scheduled.heartbeat_timeout):
            ends.append(loop.time() + seconds(scheduled.heartbeat_timeout))
        attempt.local_timeout = loop.call_at(
            min(ends) + LOCAL_TIMEOUT_AFTER, self._cancel, token, ActivityCancelReason.TIMED_OUT
        )

    def _cancel(self, token: bytes, reason: ActivityCancelReason.ValueType) -> None:
        attempt = self._known.get(token)
        if attempt is None or attempt.cancelled:
            return
        attempt.cancelled = True
        attempt.gone = reason == ActivityCancelReason.NOT_FOUND
        task = ActivityTask(task_token=token)
        task.cancel.reason = reason
        details = task.cancel.details
        details.is_not_found = reason == ActivityCancelReason.NOT_FOUND
        details.is_cancelled = reason == ActivityCancelReason.CANCELLED
        details.is_timed_out = reason == ActivityCancelReason.TIMED_OUT
        details.is_worker_shutdown = reason == ActivityCancelReason.WORKER_SHUTDOWN
        self._tell(task)
