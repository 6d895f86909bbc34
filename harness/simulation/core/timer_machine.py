"""A timer that a workflow has started."""

from __future__ import annotations

from collections.abc import Iterator

from temporalio.api.command.v1 import CancelTimerCommandAttributes, StartTimerCommandAttributes
from temporalio.api.history.v1 import HistoryEvent

from harness.library_internals.core_messages import (
    FireTimer,
    StartTimer,
    WorkflowActivationJob,
)
from harness.simulation.core.machine import Reaction, StateMachine, command


class TimerMachine(StateMachine):
    """One timer.

    Args:
        asked: What the workflow asked for.
    """

    def __init__(self, asked: StartTimer) -> None:
        self._asked = asked
        self._started = False
        self._ended = False

    def start(self) -> Reaction:
        """Return the command that starts it."""
        attributes = StartTimerCommandAttributes(
            timer_id=str(self._asked.seq), start_to_fire_timeout=self._asked.start_to_fire_timeout
        )
        return Reaction(commands=((command("start_timer", attributes), self),))

    def cancel(self) -> Reaction:
        """Cancel it; the workflow knows that already."""
        if self._ended:
            return Reaction()
        self._ended = True
        if not self._started:
            self.dropped = True
            return Reaction()
        attributes = CancelTimerCommandAttributes(timer_id=str(self._asked.seq))
        return Reaction(commands=((command("cancel_timer", attributes), self),))

    def recorded(self, event: HistoryEvent) -> None:
        """Take the event that it has started, or was cancelled."""
        self._started = self._started or event.HasField("timer_started_event_attributes")

    def heard(self, event: HistoryEvent) -> Iterator[WorkflowActivationJob]:
        """Take the event that it has fired."""
        if event.HasField("timer_fired_event_attributes") and not self._ended:
            self._ended = True
            yield WorkflowActivationJob(fire_timer=FireTimer(seq=self._asked.seq))
