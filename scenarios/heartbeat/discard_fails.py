"""The service cannot discard what was done: the workflow fails with that, and is not simply Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, FirstCalls, HttpError, NoOrphans, NothingAfterClose, Outcome, Status
from scenarios.heartbeat import cancelled

scenario = replace(
    cancelled.scenario,
    faults=[*cancelled.scenario.faults, HttpError(on=Items.discard, status=500, when=FirstCalls(n=1))],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Attempts(of=Items.discard, count=1),
        # What had not been discarded yet.
        NoOrphans(but=[Items.process]),
        NothingAfterClose(),
    ],
    claims=(),
)
