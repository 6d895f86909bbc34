"""Tells services what time it is for the application, on a server whose clock skips.

There the wall's clock says nothing of an hour between two requests. The workflow's can be told from outside: no attempt
begins unseen (`harness.workers.attempt_recorder`), each brings the time at which the server handed it over, and while
one is running nothing is skipped. So the application is asked for nothing, and any service can judge by its time.

Each workflow has such a clock of its own. Where several ask one service, there is no time that they share.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from harness.events import AttemptStarted, Event, now
from harness.evidence.event_stream import Stream
from harness.services.service import FakeService, Service
from harness.temporal.requirements import Clock


class WorkflowClock:
    """The time of the workflow whose attempt began last; the wall's until one has begun."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """Tell the time."""
        return now() + self._ahead

    def hear(self, event: Event) -> None:
        """Take an event of the run."""
        if isinstance(event, AttemptStarted) and event.started_at is not None:
            self._ahead = event.started_at - event.at


def tell_the_time(services: Iterable[Service], stream: Stream, *, by: Clock) -> None:
    """Give the fakes among these services one such clock, which hears the run's stream, if the server's skips."""
    if by is not Clock.SKIPPING:
        return
    clock = WorkflowClock()
    stream.listen(clock.hear)
    for service in services:
        if isinstance(service, FakeService):
            service.workflow_clock = clock
