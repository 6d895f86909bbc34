"""Cancelled while the data are stored, and they are before anybody hears of it: they are deleted, not processed."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import Attempts, Outcome, Recorded, Status
from scenarios.external_storage import all_well, cancelled_during_store

scenario = replace(
    cancelled_during_store.scenario,
    # With production's limits, the attempt hears of the cancellation after 24 s.
    given=all_well.scenario.given,
    expects=[
        Outcome(status=Status.CANCELED),
        # The task that asked for the cancellation cleans nothing up: what is on its way is waited for.
        Recorded(event="ActivityTaskScheduled", having={"workflowTaskCompletedEventId": "9"}, count=0),
        Attempts(of=Objects.put, count=1),
        Attempts(of=Objects.get, count=0),
        all_well.NO_ORPHANS,
    ],
    claims=(),
)
