"""The trip's own time is over while it waits: as with termination, what was booked stays booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import Clock, Outcome, Server, StartOptions, Status
from scenarios.saga import cancelled_between_steps, terminated

# An hour of waiting for the traveller, skipped.
scenario = replace(
    cancelled_between_steps.scenario,
    server=Server(clock=Clock.SKIPPING),
    start=StartOptions(run_timeout=timedelta(hours=1)),
    drive=None,
    expects=[
        Outcome(status=Status.TIMED_OUT),
        *(one for one in terminated.scenario.expects if not isinstance(one, Outcome)),
    ],
    claims=["SAGA-009"],
)
