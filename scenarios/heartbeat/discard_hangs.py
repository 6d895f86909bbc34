"""Discarding is answered too late: the caller waits no longer than it said, and the workflow fails with that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import FirstCalls, LateReply, NoOrphans, NothingAfterClose, Outcome, Status
from scenarios.heartbeat import all_well, cancelled

scenario = replace(
    cancelled.scenario,
    given=replace(
        cancelled.scenario.given,
        patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=1.5), silent_within=timedelta(seconds=5)),
        items=100,
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[
        *cancelled.scenario.faults,
        LateReply(on=Items.discard, patience=timedelta(seconds=4), when=FirstCalls(n=1)),
    ],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ReadTimeout")),
        # What had not been discarded yet.
        NoOrphans(but=[Items.process]),
        NothingAfterClose(),
    ],
    claims=(),
)
