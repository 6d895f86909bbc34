"""The timers that a workflow has started."""

from __future__ import annotations

from typing import Any

from harness.simulation.messages import seconds
from harness.simulation.server.execution_clock import ClockTimer
from harness.simulation.server.owner import ExecutionView


class Timers:
    """The timers of one execution.

    Args:
        execution: Which.
    """

    def __init__(self, execution: ExecutionView) -> None:
        self._execution = execution
        self._running: dict[str, tuple[int, ClockTimer]] = {}

    def start(self, asked: Any, completed_id: int) -> None:
        """Start a timer."""
        execution = self._execution
        event = execution.history.write(
            "timer_started",
            {
                "timer_id": asked.timer_id,
                "start_to_fire_timeout": asked.start_to_fire_timeout,
                "workflow_task_completed_event_id": completed_id,
            },
        )
        length = seconds(asked.start_to_fire_timeout)
        timer = execution.clock.after(length, lambda: self._fire(asked.timer_id))
        self._running[asked.timer_id] = event.event_id, timer

    def cancel(self, asked: Any, completed_id: int, identity: str) -> None:
        """Cancel a timer; one that has just fired is not cancelled, and its event is taken back."""
        execution = self._execution
        if asked.timer_id in self._running:
            started_id, timer = self._running.pop(asked.timer_id)
            execution.clock.cancel(timer)
        else:
            started_id = execution.history.take_back_fired(asked.timer_id)
        execution.history.write(
            "timer_canceled",
            {
                "timer_id": asked.timer_id,
                "started_event_id": started_id,
                "workflow_task_completed_event_id": completed_id,
                "identity": identity,
            },
        )

    def _fire(self, timer_id: str) -> None:
        started_id, _ = self._running.pop(timer_id)
        self._execution.happened("timer_fired", {"timer_id": timer_id, "started_event_id": started_id})
