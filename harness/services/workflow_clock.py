"""Gives services the application's time, on a server whose clock skips.

There the wall clock does not show an hour between two requests. The workflow's time is known from outside: every
attempt is recorded (`harness.workers.attempt_recorder`) with the time at which the server started it, and no time is
skipped while an attempt runs. So the application needs no change, and any service can judge by the workflow's time.

Each workflow has its own clock. Several workflows that call one service have no common time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from harness.events import AttemptStarted, Event, now
from harness.evidence.event_stream import Stream
from harness.services.service import FakeService, Service
from harness.temporal.requirements import Clock


class WorkflowClock:
    """The time of the workflow whose attempt began last; the wall clock's until one has begun."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """Return the time."""
        return now() + self._ahead

    def receive(self, event: Event) -> None:
        """Take an event of the run."""
        if isinstance(event, AttemptStarted) and event.started_at is not None:
            self._ahead = event.started_at - event.at


def tell_the_time(services: Iterable[Service], stream: Stream, *, by: Clock) -> None:
    """Give the fakes among these services one such clock, if the server's clock skips."""
    if by is not Clock.SKIPPING:
        return
    clock = WorkflowClock()
    stream.listen(clock.receive)
    for service in services:
        if isinstance(service, FakeService):
            service.workflow_clock = clock
