"""Does local activities: their attempts, and the waits between these, within a workflow task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution

from harness.library_internals.core_messages import (
    ActivityTask,
    ScheduleLocalActivity,
    Start,
)
from harness.simulation.core.local_activities import LocalResolution
from harness.simulation.core.workflow_run import WorkflowRun
from harness.simulation.messages import NANOS, seconds, timestamp
from harness.simulation.server.retries import again, complete
from harness.simulation.server.server import SimulatedServer
from harness.simulation.unmodelled import Unmodelled

HEARTBEAT_AFTER = 0.8
"""After how much of a workflow task's timeout a worker asks for more time, which is not modelled."""


@dataclass(eq=False)
class LocalAttempt:
    """One local activity that is under way."""

    run: WorkflowRun
    asked: ScheduleLocalActivity
    began: float
    attempt: int = 1


class LocalAttempts:
    """The local activities of one worker.

    Args:
        server: The server, whose time passes.
        tell: Gives the worker's code a task.
        ended: Receives what became of one.
    """

    def __init__(
        self,
        server: SimulatedServer,
        tell: Callable[[ActivityTask], None],
        *,
        ended: Callable[[WorkflowRun, LocalResolution], None],
    ) -> None:
        self._server = server
        self._tell = tell
        self._ended = ended
        self._known: dict[bytes, LocalAttempt] = {}

    @property
    def many(self) -> int:
        """How many are under way."""
        return len(self._known)

    def begin(self, run: WorkflowRun, asked: ScheduleLocalActivity) -> None:
        """Begin one."""
        self._begin(LocalAttempt(run, asked, began=self._server.loop.time()))

    def completed(self, token: bytes, result: Any) -> bool:
        """Take what became of an attempt; return whether it was of a local activity."""
        found = self._known.pop(token, None)
        if found is None:
            return False
        now = self._server.loop.time()
        within = (seconds(found.asked.schedule_to_close_timeout), seconds(found.asked.start_to_close_timeout))
        if any(limit and now - found.began > limit for limit in within):
            raise Unmodelled("a local activity that times out")
        if now - found.began > HEARTBEAT_AFTER * found.run.task.task_timeout:
            raise Unmodelled("a local activity that takes longer than its workflow task may")
        if result.HasField("completed"):
            given = result.completed.result if result.completed.HasField("result") else None
            self._resolve(found, result=given)
        elif result.HasField("failed"):
            self._failed(found, result.failed.failure)
        else:
            raise Unmodelled("a local activity that was cancelled")
        return True

    def _begin(self, found: LocalAttempt) -> None:
        asked, run = found.asked, found.run
        token = f"local:{run.run_id}:{asked.seq}:{found.attempt}".encode()
        self._known[token] = found
        now = self._server.epoch + self._server.loop.time()
        start = Start(
            workflow_namespace=self._server.namespace,
            workflow_type=run.asked.workflow_type,
            workflow_execution=WorkflowExecution(workflow_id=run.task.workflow_id, run_id=run.run_id),
            activity_id=asked.activity_id,
            activity_type=asked.activity_type,
            header_fields=asked.headers,
            input=asked.arguments,
            scheduled_time=timestamp(now),
            current_attempt_scheduled_time=timestamp(now),
            started_time=timestamp(now),
            attempt=found.attempt,
            retry_policy=complete(asked.retry_policy),
            is_local=True,
        )
        for name in ("schedule_to_close_timeout", "start_to_close_timeout"):
            if asked.HasField(name):
                getattr(start, name).CopyFrom(getattr(asked, name))
        self._tell(ActivityTask(task_token=token, start=start))

    def _failed(self, found: LocalAttempt, failure: Any) -> None:
        asked, now = found.asked, self._server.loop.time()
        total = seconds(asked.schedule_to_close_timeout)
        decision = again(
            complete(asked.retry_policy),
            attempt=found.attempt,
            failure=failure,
            now=now,
            expires=found.began + total if total else None,
        )
        if not decision.tries:
            self._resolve(found, failure=failure)
            return
        if decision.backoff > (seconds(asked.local_retry_threshold) or 60.0):
            raise Unmodelled("a local activity that waits for long between two attempts")
        found.attempt += 1
        self._server.loop.call_later(decision.backoff, self._begin, found)

    def _resolve(self, found: LocalAttempt, **how: Any) -> None:
        now = self._server.epoch + self._server.loop.time()
        self._ended(
            found.run,
            LocalResolution(seq=found.asked.seq, attempt=found.attempt, complete_ns=round(now * NANOS), **how),
        )
